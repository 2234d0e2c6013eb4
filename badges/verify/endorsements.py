"""The endorsements inside a badge: of the credential, its achievement and its issuer.

Spec: Open Badges 3.0, ``endorsement`` (embedded proofs) and ``endorsementJwt`` (tokens).
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from badges.credential import OBJECT, many, node_id, subjects
from badges.errors import BadgeError, MalformedCredential
from badges.proofs import vc_jwt
from badges.verify.presented import Form, Presented

__all__ = ["MAX_ENDORSEMENTS", "find_endorsements"]

MAX_ENDORSEMENTS = 10
"""Most endorsements we check: each costs a signature and a key to look up."""


def find_endorsements(document: Mapping[str, Any]) -> list[tuple[str | None, Presented]]:
    """Return each endorsement with the id of what it must endorse."""
    return list(islice(_all(document), MAX_ENDORSEMENTS))


def _all(document: Mapping[str, Any]) -> Iterator[tuple[str | None, Presented]]:
    for node in _endorsable(document):
        if "endorsement" in node or "endorsementJwt" in node:
            for entry in many(node.get("endorsement")):
                yield node_id(node), _embedded(entry)
            for token in many(node.get("endorsementJwt")):
                yield node_id(node), _token(token)


def _endorsable(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield document
    issuer = document.get("issuer")
    if isinstance(issuer, OBJECT):
        yield issuer
    for subject in subjects(document):
        achievement = subject.get("achievement")
        if isinstance(achievement, OBJECT):
            yield achievement
            creator = achievement.get("creator")
            if isinstance(creator, OBJECT):
                yield creator


def _embedded(entry: object) -> Presented:
    if not isinstance(entry, Mapping):
        return Presented(Form.NONE, problem=MalformedCredential("an endorsement is no object"))
    return Presented(Form.EMBEDDED if "proof" in entry else Form.NONE, entry)


def _token(token: object) -> Presented:
    if not isinstance(token, str):
        return Presented(Form.NONE, problem=MalformedCredential("an endorsement is no token"))
    try:
        return Presented(Form.VC_JWT, vc_jwt.parse(token).credential, token=token)
    except BadgeError as error:
        return Presented(Form.NONE, problem=error)
