"""Holders' copies of an award: asked of `issuer.awarding`, given as the wire wants it.

Each copy is an issuance of its own, with its own status entry; the same holder asking again gets
the same bytes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from badges.errors import BadgeError
from did import multikey
from issuer.awarding import artefacts
from issuer.awarding.artefacts import ALONE, Beside
from issuer.awarding.model import Order
from issuer.errors import IssuerError
from issuer.instance import Instance
from issuer.oid4vci.model import Configuration, Format, Holder, Offer
from issuer.oid4vci.refusal import Code, Refused

__all__ = ["Copy", "Issue", "issue_copies"]

Copy = str | dict[str, Any]
"""A credential as it stands in the answer: a token, or a JSON object."""

Issue = Callable[[Instance, Offer, Configuration, Sequence[Holder], Beside], list[Copy]]
"""Make the copies of some holders (`issue_copies`)."""


def issue_copies(
    instance: Instance,
    offer: Offer,
    configuration: Configuration,
    holders: Sequence[Holder],
    beside: Beside = ALONE,
) -> list[Copy]:
    """Return the credential of `offer` bound to each of `holders`: all of them, or none.

    Raises:
        Refused: ``credential_request_denied``: the award cannot be issued (any more); or what
            `beside` refuses.
    """
    orders = [Order(format=configuration.format.value, holder=_did(one)) for one in holders]
    try:
        issued = artefacts.issue_copies(instance, offer.award_id, orders, beside=beside)
    except Refused:
        raise
    except (BadgeError, IssuerError) as error:
        raise Refused(
            Code.CREDENTIAL_REQUEST_DENIED, f"this badge cannot be issued: {error}"
        ) from error
    return [_as_answered(configuration.format, one.document) for one in issued]


def _as_answered(form: Format, document: bytes) -> Copy:
    if form is Format.LDP_VC:
        credential: dict[str, Any] = orjson.loads(document)  # our own bytes
        return credential
    return document.decode("utf-8")


def _did(holder: Holder) -> str:
    """Return what the copy calls its holder: a bare key becomes its own did:key."""
    return holder.did or f"did:key:{multikey.encode(holder.key)}"
