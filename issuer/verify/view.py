"""A report as the page tells it: one sentence, the content, the checks, in the reader's words.

Shape: everything comes from the report of the public contract; nothing of the content is shown
that no intact seal covers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import unquote

import orjson

from badges.ob3.elements import elements_said, is_called_micro_credential
from badges.verify.codes import CHECK_TITLES, CODES, Weight
from issuer.verify.service import Answer
from issuer.verify.wording import ELEMENTS, STATES, VERDICTS
from issuer.web.i18n import day
from issuer.web.i18n import gettext as _

__all__ = ["Check", "Fact", "Issuer", "Said", "View", "said_of", "view_of"]

VOCABULARY = "http://data.europa.eu/snb/"
"""Addresses of words, which open nothing an employer could read."""

SEVERITY = ("failed", "unknown", "remark")
"""Which state explains a verdict first."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: a state, what it means, what to do."""

    state: str
    word: str
    name: str
    title: str
    explanation: str
    remedy: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issued it: the identifier first, then what the register or itself calls it."""

    id: str
    domain: str
    registered_name: str
    declared_name: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the credential says, and where one can read more."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Everything the report page shows."""

    verdict: str
    title: str
    sentence: str
    issuer: Issuer
    content: Mapping[str, Any] | None
    dates: tuple[tuple[str, str], ...]
    skills: tuple[Fact, ...]
    rows: tuple[tuple[str, tuple[Fact, ...]], ...]
    kind: str
    elements: int
    checks: tuple[Check, ...]
    checked_at: datetime
    digest: str
    version: str
    json: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a credential says, as an employer reads it."""

    issuer: Issuer
    content: Mapping[str, Any]
    dates: tuple[tuple[str, str], ...]
    skills: tuple[Fact, ...]
    rows: tuple[tuple[str, tuple[Fact, ...]], ...]
    kind: str
    elements: int


def said_of(content: Mapping[str, Any]) -> Said:
    """Put what a credential says into words; nothing of it is checked here."""
    return Said(
        issuer=issuer_of(content.get("issuer") or {}),
        content=content,
        dates=tuple(dates(content)),
        skills=tuple(fact_of(skill) for skill in content.get("skills", ())),
        rows=tuple(rows(content)),
        kind=kind_of(content),
        elements=len(elements_said(content)),
    )


def kind_of(content: Mapping[str, Any]) -> str:
    """Return what the issuer calls it: ``micro``, ``badge``, or nothing."""
    if is_called_micro_credential(content):
        return "micro"
    return "badge" if content.get("achievement", {}).get("type") else ""


def view_of(answer: Answer) -> View:
    """Put a report into words."""
    report = answer.report
    content = report["credential"] if report["credential"].get("protected") else None
    checks = tuple(check_of(finding) for finding in report["findings"])
    issuer = issuer_of(report["credential"].get("issuer") or {})
    verdict = report["verdict"]
    return View(
        verdict=verdict,
        title=_(VERDICTS[verdict].title),
        sentence=sentence(verdict, checks, issuer, content),
        issuer=issuer,
        content=content,
        dates=tuple(dates(content)) if content else (),
        skills=tuple(fact_of(skill) for skill in content.get("skills", ())) if content else (),
        rows=tuple(rows(content)) if content else (),
        kind=kind_of(content) if content else "",
        elements=len(elements_said(content)) if content else 0,
        checks=checks,
        checked_at=datetime.fromisoformat(report["checked_at"]),
        digest=answer.submission.digest,
        version=software_version(),
        json=orjson.dumps(report, option=orjson.OPT_INDENT_2).decode(),
    )


def software_version() -> str:
    """Return the version that gave the answer; a source tree that was never installed has none."""
    try:
        return version("learnseal")
    except PackageNotFoundError:
        return "development"


def check_of(finding: Mapping[str, Any]) -> Check:
    """Put one finding into words."""
    words = CODES[finding["code"]]
    outcome = finding["outcome"]
    open_or_failed = outcome in {"failed", "unknown"}
    state = "remark" if open_or_failed and words.weight is Weight.REMARK else outcome
    return Check(
        state=state,
        word=_(STATES[state]),
        name=_(CHECK_TITLES.get(finding["check"], finding["check"])),
        title=_(words.title),
        explanation=_(words.explanation),
        remedy=_(words.remedy) if open_or_failed else "",
        code=finding["code"],
        detail=finding["detail"],
    )


def issuer_of(said: Mapping[str, Any]) -> Issuer:
    """Tell who issued it: a name is the register's, or the issuer's own word."""
    identity, name = str(said.get("id", "")), str(said.get("name", ""))
    listed = said.get("name_source") in {"register", "seal-certificate"}
    return Issuer(identity, domain_of(identity), name if listed else "", "" if listed else name)


def domain_of(identity: str) -> str:
    """Return the part of an issuer's identifier a person can recognise: a domain, or all of it.

    A domain with letters of another alphabet is shown in its ASCII form, so that look-alikes show.
    """
    if identity.startswith("did:web:"):
        host, *path = identity.removeprefix("did:web:").split("#")[0].split(":")
        return "/".join([ascii_host(unquote(host)), *path])
    if identity.startswith(("https://", "http://")):
        return ascii_host(identity.split("/", 3)[2])
    return identity


def ascii_host(host: str) -> str:
    """Write a host name so that no letter can pass for another."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode()


def sentence(
    verdict: str, checks: tuple[Check, ...], issuer: Issuer, content: Mapping[str, Any] | None
) -> str:
    """Say who awarded what to whom and when, or why that cannot be said."""
    if verdict == "not_valid" or content is None:
        return reason(checks)
    who = issuer.registered_name or issuer.domain
    said = _("%(who)s awarded “%(what)s” to %(whom)s on %(when)s.") % {
        "who": who or _("somebody the credential does not name"),
        "what": content.get("name") or _("something without a title"),
        "whom": content.get("learner", {}).get("name") or _("the holder of this file"),
        "when": written(content.get("awarded") or content.get("valid_from") or ""),
    }
    return said if verdict == "valid" else f"{said} {reason(checks)}"


def reason(checks: tuple[Check, ...]) -> str:
    """Return what weighs most: the first failure, else the first thing that stayed open."""
    for state in SEVERITY:
        for check in checks:
            if check.state == state:
                return f"{check.title}. {check.explanation}"
    return ""


def written(moment: str) -> str:
    """Write a time of a credential as a date; as it stands there when it is none."""
    try:
        return day(datetime.fromisoformat(moment).date())
    except ValueError:
        return moment or _("an unknown date")


def dates(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Go through the dates worth telling."""
    if begun := content.get("awarded") or content.get("valid_from"):
        yield _("Awarded on"), written(begun)
    if ends := content.get("valid_until"):
        yield _("Valid until"), written(ends)


def rows(content: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """Go through the standard elements in the order an employer reads them."""
    for element, label in ELEMENTS.items():
        if facts := tuple(facts_of(element, content.get(element))):
            yield _(label), facts


def facts_of(element: str, value: Any) -> Iterator[Fact]:
    """Go through what one element says: a number, an object, or several."""
    if isinstance(value, int | float):
        yield Fact(f"{value:g} ECTS" if element == "ects" else f"{value:g}")
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping) and item:
            yield fact_of(item)


def fact_of(item: Mapping[str, Any]) -> Fact:
    """Tell one item; a result is told with what was measured."""
    name, value = str(item.get("name", "")), item.get("value")
    if value:
        return Fact(f"{name}: {value}" if name else str(value))
    note, address = str(item.get("note", "")), str(item.get("url", ""))
    shown = "" if address.startswith(VOCABULARY) else address
    return Fact(name or str(item.get("code", "")), shown, note)
