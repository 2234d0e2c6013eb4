"""What the status lists of an issuer say about a credential, or about an endorsement in one.

Spec: Bitstring Status List 1.0 §3.2 and §3.5; Token Status List §8.3; StatusList2021;
      1EdTech revocation lists. Every failure is closed: a list that is missing, forged, stale,
      short, somebody else's or for another purpose never counts as clear.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from badges.credential import OBJECT, many, node_id, parse_moment, types, valid_from, valid_until
from badges.credential.rules import check_rules
from badges.errors import (
    BadgeError,
    MalformedValue,
    RangeError,
    StatusListTooShort,
    StatusRetrieval,
    StatusVerification,
)
from badges.proofs.context_check import check_contexts
from badges.status import revocation_list
from badges.status.bitstring import read_status
from badges.status.entry import BITSTRING, STATUS_LIST_2021, parse_entry
from badges.status.token import INVALID, VALID, parse_reference
from badges.verify import sound_lists
from badges.verify.authenticity import authenticate
from badges.verify.case import Case
from badges.verify.evidence import body, json_object
from badges.verify.outcome import Finding, Outcome
from badges.verify.presented import W3C_TOKENS, Form, Presented
from badges.verify.reading import read_fetched
from badges.verify.token_list import read_token_status

__all__ = ["standing"]

_OPEN = (StatusRetrieval, StatusVerification)
"""Errors of the list: the credential may be as good as ever."""

_ORDER = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED)


def standing(case: Case) -> Finding:
    """Return what the issuer's lists say; the worst of several."""
    if case.presented.problem is not None:
        return Finding("status", Outcome.UNKNOWN, "STATUS_RETRIEVAL_ERROR")
    if case.presented.form is Form.SD_JWT_VC:
        entries = [case.document["status"]] if "status" in case.document else []
    else:
        entries = many(case.document.get("credentialStatus"))
    if not entries:
        return Finding("status", Outcome.NOT_APPLICABLE, "no-status")
    findings = [_one(case, entry) for entry in entries]
    return min(findings, key=_badness)


def _badness(finding: Finding) -> tuple[int, int]:
    mild = ("suspended", "status-message").count(finding.code)
    return (_ORDER.index(finding.outcome) if not mild else 1), mild


def _one(case: Case, entry: object) -> Finding:
    try:
        return _reader(case, entry)(case, entry)
    except _OPEN as error:
        return Finding("status", Outcome.UNKNOWN, error.code, str(error))
    except (MalformedValue, RangeError, StatusListTooShort) as error:
        return Finding("status", Outcome.FAILED, error.code, str(error))
    except BadgeError as error:
        return Finding("status", Outcome.UNKNOWN, StatusVerification.code, str(error))


def _reader(case: Case, entry: object) -> Callable[[Case, Any], Finding]:
    if case.presented.form is Form.SD_JWT_VC:
        return _token
    if not isinstance(entry, OBJECT):
        raise MalformedValue("credentialStatus is not an object")
    kinds = types(entry)
    if BITSTRING in kinds or STATUS_LIST_2021 in kinds:
        return _bitstring
    return _revocation_list if revocation_list.TYPE in kinds else _unknown


def _unknown(_: Case, entry: Mapping[str, Any]) -> Finding:
    detail = f"status type {str(entry.get('type'))[:80]!r}"
    return Finding("status", Outcome.UNKNOWN, "unknown-status-type", detail)


def _bitstring(case: Case, status: Mapping[str, Any]) -> Finding:
    entry, issuer = parse_entry(status), case.issuer
    credential = _list_credential(case, entry.list_url, issuer)
    value = read_status(credential, entry, issuer or "")
    age = f"list of {valid_from(credential)}, seen {_seen(case, entry.list_url)}"
    if not value:
        return Finding("status", Outcome.PASSED, "not-revoked", f"{entry.purpose}: clear; {age}")
    message = entry.messages.get(value, entry.purpose)
    if entry.purpose == "revocation" or message == "revoked":
        return Finding("status", Outcome.FAILED, "revoked", age)
    if entry.purpose == "suspension":
        return Finding("status", Outcome.FAILED, "suspended", age)
    return Finding("status", Outcome.FAILED, "status-message", f"{message}; {age}")


def _list_credential(case: Case, url: str, issuer: str | None) -> Mapping[str, Any]:
    """Return the list credential at `url` once its signature, issuer and dates hold."""
    found = body(case.evidence, url)
    if found is None:
        raise StatusRetrieval(f"{url} could not be had")
    place = url, issuer
    known = case.lists.get(place)
    if known is not None and known[0] is found:
        return known[1]
    credential = _look_at_list(case, url, issuer, found)
    case.lists[place] = found, credential
    return credential


def _look_at_list(case: Case, url: str, issuer: str | None, found: bytes) -> Mapping[str, Any]:
    presented = read_fetched(found)
    if presented.problem is not None:
        raise StatusVerification(f"{url} holds no credential") from presented.problem
    mark = sound_lists.mark(case, presented, issuer)
    if mark is None or not sound_lists.holds(mark, case):
        _check_list(case, presented, issuer)
        if mark is not None:
            sound_lists.remember(mark, presented.document)
    return presented.document


def _check_list(case: Case, presented: Presented, issuer: str | None) -> None:
    authenticity = authenticate(presented, case.ring)
    if not authenticity.is_by(issuer):
        raise StatusVerification("the list is not signed by the issuer of the credential")
    _check_form(presented)
    _check_words(presented, authenticity.vintages)
    _check_dates(case, presented.document)


def _check_form(presented: Presented) -> None:
    """Refuse a list that is no well-formed credential: it must be one itself (§2.2)."""
    if presented.source:
        _read_form(presented.source)
    else:
        _refuse_malformed(presented.document)


@lru_cache(maxsize=64)
def _read_form(source: bytes) -> None:
    """Check the form of a list many credentials point at once; a failure is not remembered."""
    _refuse_malformed(read_fetched(source).document)


def _refuse_malformed(document: Mapping[str, Any]) -> None:
    if problems := check_rules(document):
        raise StatusVerification(f"the list is not a credential: {problems[0].sentence()}")


def _check_words(presented: Presented, contexts: Mapping[str, str]) -> None:
    """Refuse a list that hides its end, or its proof's: an old list must not pass for today's."""
    if presented.form in W3C_TOKENS:
        return
    try:
        if presented.source:
            _read_words(presented.source, frozenset(contexts.items()))
        else:
            check_contexts(presented.document, contexts=contexts)
    except BadgeError as error:
        raise StatusVerification(f"the list is not written plainly: {error}") from error


@lru_cache(maxsize=64)
def _read_words(source: bytes, contexts: frozenset[tuple[str, str]]) -> None:
    """Check the words of a list many credentials point at once; a failure is not remembered."""
    check_contexts(read_fetched(source).document, contexts=dict(contexts))


def _check_dates(case: Case, credential: Mapping[str, Any]) -> None:
    begins, ends = valid_from(credential), valid_until(credential)
    if begins is not None and parse_moment(begins) > case.now + case.policy.skew:
        raise StatusVerification("the list is of the future")
    if ends is not None and parse_moment(ends) <= case.now - case.policy.skew:
        raise StatusVerification(f"the list ended {ends}")


def _revocation_list(case: Case, entry: Mapping[str, Any]) -> Finding:
    url, credential = node_id(entry), node_id(case.document)
    if url is None or credential is None:
        raise MalformedValue("a revocation list names credentials by id, and there is none")
    document = json_object(case.evidence, url)
    if document is None:
        raise StatusRetrieval(f"{url} could not be had")
    revoked = revocation_list.is_revoked(
        document, list_url=url, issuer=case.issuer or "", credential=credential
    )
    seen = f"unsigned list, seen {_seen(case, url)}"
    if revoked:
        return Finding("status", Outcome.FAILED, "revoked", seen)
    return Finding("status", Outcome.PASSED, "not-revoked", seen)


def _token(case: Case, entry: object) -> Finding:
    reference = parse_reference(entry)
    found = body(case.evidence, reference.uri)
    if found is None:
        raise StatusRetrieval(f"{reference.uri} could not be had")
    value = read_token_status(found, reference, case.ring, case.issuer)
    seen = f"value {value}; seen {_seen(case, reference.uri)}"
    if value == VALID:
        return Finding("status", Outcome.PASSED, "not-revoked", seen)
    code = "revoked" if value == INVALID else "suspended"
    return Finding("status", Outcome.FAILED, code, seen)


def _seen(case: Case, url: str) -> str:
    return _minute(case.evidence[url].fetched_at)


@lru_cache(maxsize=64)
def _minute(moment: datetime) -> str:
    """Write the moment when a list was seen, once for the many that point at it."""
    return f"{moment.isoformat(' ', 'minutes')[:16]} UTC"
