"""One holder's copy of an award: asked of `issuer.awarding`, given as the wire wants it.

Each copy is an issuance of its own, with its own status entry; the same holder asking again gets
the same bytes.
"""

from typing import Any

import orjson

from badges.errors import BadgeError
from did import multikey
from issuer.awarding import service as awarding
from issuer.awarding.model import Order
from issuer.errors import IssuerError
from issuer.instance import Instance
from issuer.oid4vci.model import Configuration, Format, Holder, Offer
from issuer.oid4vci.refusal import Code, Refused

__all__ = ["issue_copy"]


def issue_copy(
    instance: Instance, offer: Offer, configuration: Configuration, holder: Holder
) -> str | dict[str, Any]:
    """Return the credential of `offer` bound to `holder`.

    Raises:
        Refused: ``credential_request_denied``: the award cannot be issued (any more).
    """
    order = Order(format=configuration.format.value, holder=_did(holder))
    try:
        document = awarding.issue_again(instance, offer.award_id, order).document
    except (BadgeError, IssuerError) as error:
        raise Refused(
            Code.CREDENTIAL_REQUEST_DENIED, f"this badge cannot be issued: {error}"
        ) from error
    if configuration.format is Format.LDP_VC:
        credential: dict[str, Any] = orjson.loads(document)  # our own bytes
        return credential
    return document.decode("utf-8")


def _did(holder: Holder) -> str:
    """Return what the copy calls its holder: a bare key becomes its own did:key."""
    return holder.did or f"did:key:{multikey.encode(holder.key)}"
