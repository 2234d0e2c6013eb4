"""A seal may stand apart from its document: then the document must be brought along.

Spec: ETSI TS 119 182-1 §5.2.8 (``sigD``; ``ObjectIdByURIHash`` §5.2.8.3.3).
What we refuse: the mechanisms that fetch (``HttpHeaders``, ``ObjectIdByURI``). An EDC never
needs any of them.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from badges.errors import MalformedCredential
from badges.proofs.jades.algorithms import DIGESTS
from badges.proofs.jades.encoding import from_b64url, to_b64url
from badges.proofs.jades.header import Header
from badges.proofs.jades.report import Finding, Outcome

__all__ = ["detached_payload"]

_CHECK = "payload"
_BY_HASH = "http://uri.etsi.org/19182/ObjectIdByURIHash"


def detached_payload(
    header: Header, payload: str | None, beside: Mapping[str, bytes]
) -> Iterator[Finding]:
    """Yield what there is to say about where the sealed document lies."""
    reference = header.members.get("sigD")
    if reference is None:
        if not payload:
            yield _finding(Outcome.FAILED, "payload-missing", "the sealed document is not here")
        return
    if payload:
        yield _finding(Outcome.FAILED, "payload-twice", "both a payload and sigD")
        return
    try:
        yield _compare(reference, beside)
    except MalformedCredential as error:
        yield _finding(Outcome.FAILED, "payload-reference-malformed", str(error))


def _compare(reference: object, beside: Mapping[str, bytes]) -> Finding:
    if not isinstance(reference, Mapping) or reference.get("mId") != _BY_HASH:
        return _finding(Outcome.FAILED, "payload-reference-unsupported", "only ObjectIdByURIHash")
    names, digests = _strings(reference.get("pars")), _strings(reference.get("hashV"))
    algorithm = DIGESTS.get(str(reference.get("hashM")))
    if algorithm is None or len(names) != len(digests):
        raise MalformedCredential("sigD needs a known hashM and one hashV for each of pars")
    absent = [name for name in names if _find(name, beside) is None]
    if absent:
        return _finding(Outcome.UNKNOWN, "payload-detached", f"not here: {', '.join(absent)}")
    for name, digest in zip(names, digests, strict=True):
        octets = to_b64url(_find(name, beside) or b"").encode()
        if hashlib.new(algorithm, octets).digest() != from_b64url(digest):
            return _finding(Outcome.FAILED, "payload-altered", f"{name} is not what was sealed")
    return _finding(Outcome.PASSED, "payload-detached-valid", "")


def _find(name: str, beside: Mapping[str, bytes]) -> bytes | None:
    return beside.get(name, beside.get(unquote(name)))


def _strings(found: Any) -> Sequence[str]:
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise MalformedCredential("sigD needs lists of strings")
    return found


def _finding(outcome: Outcome, code: str, detail: str) -> Finding:
    return Finding(_CHECK, outcome, code, detail)
