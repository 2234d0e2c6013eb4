"""From a link to a kept credential; or to a reason, and nothing kept."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx

from badges.credential import moment
from badges.errors import BadgeError
from did.errors import DidError
from wallet_demo import oid4vci
from wallet_demo.checking import check_received, verify
from wallet_demo.errors import InvalidAnswer, WalletError
from wallet_demo.offer import fetch_offer
from wallet_demo.store import CURVES, Kept, Store, new_name

__all__ = ["Wallet", "receive", "refresh"]


@dataclass(frozen=True, slots=True)
class Wallet:
    """What a wallet works with."""

    store: Store
    http: httpx.Client
    now: Callable[[], datetime]
    passphrase: str = ""
    local: bool = False
    """Development: issuers on this machine count."""

    sleep: oid4vci.Sleep = time.sleep


def receive(wallet: Wallet, link: str, tx_code: str | None = None) -> Kept:
    """Fetch what `link` offers, check it, keep it, and tell the issuer.

    Raises:
        WalletError: it says what did not go well; nothing was kept.
    """
    offer = fetch_offer(wallet.http, link)
    site = oid4vci.discover(wallet.http, offer)
    algorithm = next((name for name in CURVES if name in site.algorithms), None)
    if algorithm is None:
        raise InvalidAnswer("the issuer accepts none of the kinds of keys this wallet makes")
    token = oid4vci.redeem(wallet.http, site, offer, tx_code)
    visit = oid4vci.Visit(wallet.http, site, token, wallet.now, wallet.sleep)
    name = new_name()
    signer = wallet.store.new_key(name, algorithm, wallet.passphrase)
    issuance = None
    try:
        issuance = oid4vci.request(visit, offer, signer)
        credential = issuance.credential
        kept = Kept(name, site.title, offer.issuer, site.format, credential, "", {})
        report = verify(wallet.http, kept.data, wallet.now(), local=wallet.local)
        check_received(report, kept.data, site.format, signer.public_key)
    except (WalletError, BadgeError, DidError):
        wallet.store.forget_key(name)
        if issuance is not None:
            oid4vci.notify(visit, issuance, "credential_failure")
        raise
    kept = Kept(
        name, site.title, offer.issuer, site.format, credential,
        moment(wallet.now()), json.loads(json.dumps(report.to_json(name))),
    )  # fmt: skip
    wallet.store.keep(kept)
    oid4vci.notify(visit, issuance, "credential_accepted")
    return kept


def refresh(wallet: Wallet, kept: Kept) -> Kept:
    """Check a kept credential again with what its issuer says now."""
    report = verify(wallet.http, kept.data, wallet.now(), local=wallet.local)
    return wallet.store.checked(kept, report.to_json(kept.name))
