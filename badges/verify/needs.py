"""Which addresses a verifier still needs: keys first, then lists, then the keys of those lists.

Shape: pure. Who gathers asks again after each round until nothing new is named; what could not be
       had stays named, so the gatherer remembers what it asked for.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from badges.credential import OBJECT, many, node_id
from badges.verify.endorsements import find_endorsements
from badges.verify.evidence import Evidence, body
from badges.verify.keys import KeyRing, is_web
from badges.verify.named_keys import issuer_of, methods
from badges.verify.policy import DEFAULT, Policy
from badges.verify.presented import Form, Presented
from badges.verify.reading import read_fetched
from badges.verify.web_keys import jwks_url
from contexts import loader, schemas
from did.errors import DidError

__all__ = ["MAX_ADDRESSES", "needs"]

MAX_ADDRESSES = 40
"""Most addresses one credential can make us ask for."""


LOCAL = ("http://localhost:", "http://localhost/")

_ANY_TIME = datetime.min.replace(tzinfo=UTC)
"""Where a key is does not depend on the time."""


def needs(presented: Presented, evidence: Evidence, policy: Policy = DEFAULT) -> frozenset[str]:
    """Name the addresses that are not in the evidence and would help to decide."""
    if presented.form is Form.PRESENTATION:
        everything = (presented, *presented.inner)
    elif presented.form is Form.JADES:
        everything = presented.inner
    else:
        everything = (presented,)
    ring = KeyRing(evidence, policy, _ANY_TIME)
    wanted = dict.fromkeys(url for one in everything for url in _needs(one, ring))
    allowed = [url for url in wanted if _is_fetchable(url, policy)][:MAX_ADDRESSES]
    return frozenset([url for url in allowed if url not in evidence])


def _is_fetchable(url: str, policy: Policy) -> bool:
    """Tell whether an address may be asked for: https, or this machine in development."""
    local = policy.allow_local and url.startswith(LOCAL)
    return (local or url.startswith("https://")) and len(url) <= 2_048


def _needs(presented: Presented, ring: KeyRing) -> Iterator[str]:
    if presented.problem is not None:
        return
    yield from _keys(presented, ring)
    yield from _status(presented, ring)
    for url in _documents(presented.document):
        yield url
    for _, endorsement in find_endorsements(presented.document):
        yield from _keys(endorsement, ring)
        if endorsement.problem is None:
            yield from _status(endorsement, ring)
    for url in _refreshed(presented.document):
        yield url
        found = body(ring.evidence, url)
        if found is not None:
            yield from _keys(read_fetched(found), ring)


def _status(presented: Presented, ring: KeyRing) -> Iterator[str]:
    """Name the status lists, and then the keys these are signed with."""
    for url in _lists(presented):
        yield url
        found = body(ring.evidence, url)
        if found is not None:
            yield from _keys(read_fetched(found), ring)


def _keys(presented: Presented, ring: KeyRing) -> Iterator[str]:
    if presented.problem is not None:
        return
    for method in methods(presented):
        try:
            location = ring.location(method)
        except DidError:
            continue
        if location is not None:
            yield location
        if is_web(method):
            yield from _key_lists(presented, location)


def _key_lists(presented: Presented, location: str | None) -> Iterator[str]:
    """Name where an https issuer lists its keys: its own document, then its server's JWKS."""
    issuer = issuer_of(presented)
    if issuer is not None and is_web(issuer) and (issuer != location or presented.token):
        yield issuer
        yield jwks_url(issuer)


def _lists(presented: Presented) -> Iterator[str]:
    document = presented.document
    if presented.form is Form.SD_JWT_VC:
        status = document.get("status")
        entry = status.get("status_list") if isinstance(status, Mapping) else None
        uri = entry.get("uri") if isinstance(entry, Mapping) else None
        if isinstance(uri, str):
            yield uri
        return
    for entry in many(document.get("credentialStatus")):
        if isinstance(entry, OBJECT):
            url = entry.get("statusListCredential", entry.get("id"))
            if isinstance(url, str):
                yield url


def _documents(document: Mapping[str, Any]) -> Iterator[str]:
    for entry in many(document.get("credentialSchema")):
        url = node_id(entry)
        if url is not None and not schemas.known(url):
            yield url
    for entry in many(document.get("relatedResource")):
        url = node_id(entry)
        if url is not None and not loader.known(url):
            yield url


def _refreshed(document: Mapping[str, Any]) -> Iterator[str]:
    for service in many(document.get("refreshService"))[:1]:
        url = node_id(service)
        if url is not None:
            yield url
