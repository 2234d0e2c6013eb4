"""How many badges wallets can claim: the whole flow, without the cost of HTTP and of the wallet.

Run: ``python -m tests.bench.claims [COUNT]``; prints one JSON object. ``cpu_ms`` is processor time
of the service for one claim (offer, metadata, token, nonce, credential, notification), which a
noisy machine stretches less than the clock; ``claims_per_core_second`` is its inverse.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from issuer.oid4vci import credentials, offers, publishing, tokens
from issuer.oid4vci.copies import issue_copies
from issuer.oid4vci.desk import open_desk
from issuer.oid4vci.model import Format
from tests.issuer.oid4vci.conftest import build
from tests.issuer.oid4vci.test_copies import award
from tests.issuer.oid4vci.wallet import PRE_AUTHORIZED, Wallet, new_key


def claim(service, uri, wallet, slug="halvik"):
    """Do what the service does for one claim; return the credential."""
    ticket = parse_qs(urlsplit(uri).query)["credential_offer_uri"][0].rpartition("/")[2]
    desk = open_desk(service.instance, slug)
    offer = offers.show_offer(desk, ticket)
    publishing.issuer_metadata(desk)
    code = offer["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
    form = {"grant_type": PRE_AUTHORIZED, "pre-authorized_code": code}
    token = tokens.redeem(desk, form, tokens.Shown())["access_token"]
    proof = wallet.proof(desk.site.issuer, tokens.create_nonce(desk))
    bearer = credentials.Bearer("bearer", token, None, desk.site.url("credential"))
    access = credentials.identify(desk, bearer)
    (name,) = offer["credential_configuration_ids"]
    request = {"credential_configuration_id": name, "proofs": {"jwt": [proof]}}
    answer = credentials.hand_out(desk, access, request, issue=issue_copies, encrypted=False)
    told = {"notification_id": answer.members["notification_id"], "event": "credential_accepted"}
    credentials.notify(desk, credentials.identify(desk, bearer), told)
    return answer.members["credentials"][0]["credential"]


def measure(count, folder):
    """Return the figures for `count` claims in each format."""
    service = build(f"sqlite:///{folder / 'learnseal.sqlite'}", folder)
    wallets = [Wallet(None, new_key(), service.clock) for _ in range(count + 1)]
    figures = {}
    for form in Format:
        choice = offers.OfferChoice(format=form)
        uris = [offers.create_offer(service.instance, award(service), choice).uri for _ in wallets]
        claim(service, uris.pop(), wallets[-1])  # the first one fills the caches
        cpu, clock = time.process_time(), time.perf_counter()
        for uri, wallet in zip(uris, wallets, strict=False):
            claim(service, uri, wallet)
        cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
        figures[form.value] = {
            "claims": count,
            "cpu_ms": round(1000 * cpu / count, 1),
            "claims_per_core_second": round(count / cpu, 1),
            "wall_ms": round(1000 * clock / count, 1),
        }
    service.instance.engine.dispose()
    return figures


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as place:
        sys.stdout.write(json.dumps(measure(asked, Path(place))) + "\n")
