"""A report as the page tells it: one sentence, the content, the checks, in the reader's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from badges.verify.codes import CHECK_TITLES, CODES, Weight
from issuer.verify.service import Answer
from issuer.verify.wording import FACTS, STATES, VERDICTS
from issuer.web.i18n import day
from issuer.web.i18n import gettext as _

__all__ = ["Check", "Issuer", "View", "view_of"]

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
class View:
    """Everything the report page shows."""

    verdict: str
    title: str
    sentence: str
    issuer: Issuer
    meaning: Mapping[str, Any] | None
    hidden: bool
    dates: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[dict[str, str], ...]], ...]
    checks: tuple[Check, ...]
    checked_at: datetime
    digest: str
    version: str
    json: str


def view_of(answer: Answer) -> View:
    """Put a report into words."""
    report, meaning = answer.report, answer.meaning
    checks = tuple(check_of(finding) for finding in report["findings"])
    issuer = issuer_of(report, meaning)
    verdict = report["verdict"]
    return View(
        verdict=verdict,
        title=_(VERDICTS[verdict].title),
        sentence=sentence(verdict, checks, issuer, meaning),
        issuer=issuer,
        meaning=meaning,
        hidden=meaning is None,
        dates=tuple(dates(meaning)) if meaning else (),
        rows=tuple(rows(meaning)) if meaning else (),
        checks=checks,
        checked_at=datetime.fromisoformat(report["checked_at"]),
        digest=answer.submission.digest,
        version=version("learnseal"),
        json=orjson.dumps(report, option=orjson.OPT_INDENT_2).decode(),
    )


def check_of(finding: Mapping[str, Any]) -> Check:
    """Put one finding into words."""
    words = CODES[finding["code"]]
    outcome = finding["outcome"]
    mild = outcome in {"failed", "unknown"} and words.weight is Weight.REMARK
    state = "remark" if mild else outcome
    return Check(
        state=state,
        word=_(STATES[state]),
        name=_(CHECK_TITLES.get(finding["check"], finding["check"])),
        title=_(words.title),
        explanation=_(words.explanation),
        remedy="" if outcome in {"passed", "not_applicable"} else _(words.remedy),
        code=finding["code"],
        detail=finding["detail"] or "",
    )


def issuer_of(report: Mapping[str, Any], meaning: Mapping[str, Any] | None) -> Issuer:
    """Tell who issued it, as far as the report knows."""
    found = report["credential"].get("issuer") or {}
    identity = str(found.get("id") or "")
    declared = meaning["issuer_name"] if meaning else ""
    return Issuer(identity, domain_of(identity), str(found.get("registered_name") or ""), declared)


def domain_of(identity: str) -> str:
    """Return the part of an issuer's identifier a person can recognise: a domain, or all of it.

    A domain with letters of another alphabet is shown in its ASCII form, so that look-alikes show.
    """
    if identity.startswith("did:web:"):
        host, *path = identity.removeprefix("did:web:").split("#")[0].split(":")
        return "/".join([ascii_host(unquote(host)), *path])
    if identity.startswith(("https://", "http://")):
        return ascii_host(urlsplit(identity).netloc)
    return identity


def ascii_host(host: str) -> str:
    """Write a host name so that no letter can pass for another."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode()


def sentence(
    verdict: str, checks: tuple[Check, ...], issuer: Issuer, meaning: Mapping[str, Any] | None
) -> str:
    """Say who awarded what to whom and when, or why that cannot be said."""
    if verdict == "not_valid" or meaning is None:
        return reason(checks)
    who = issuer.registered_name or issuer.domain
    said = _("%(who)s awarded “%(what)s” to %(whom)s on %(when)s.") % {
        "who": who,
        "what": meaning["title"] or _("something without a title"),
        "whom": meaning["learner"] or _("somebody the credential does not name"),
        "when": written(meaning["awarded"] or meaning["valid_from"]),
    }
    return said if verdict == "valid" else f"{said} {reason(checks)}"


def reason(checks: tuple[Check, ...]) -> str:
    """Return what weighs most: the first failure, else the first thing that stayed open."""
    for state in SEVERITY:
        for check in checks:
            if check.state == state:
                return check.explanation or check.title
    return ""


def written(moment: str) -> str:
    """Write a time of a credential as a date; as it stands there when it is none."""
    try:
        return day(datetime.fromisoformat(moment).date())
    except ValueError:
        return moment or _("an unknown date")


def dates(meaning: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Go through the dates worth telling."""
    if meaning["awarded"] or meaning["valid_from"]:
        yield _("Awarded on"), written(meaning["awarded"] or meaning["valid_from"])
    if meaning["valid_until"]:
        yield _("Valid until"), written(meaning["valid_until"])


def rows(meaning: Mapping[str, Any]) -> Iterator[tuple[str, tuple[dict[str, str], ...]]]:
    """Go through the facts by kind, in the order an employer reads them."""
    facts = [*meaning["facts"], *(result_fact(result) for result in meaning["results"])]
    for kind, label in FACTS.items():
        items = tuple(fact for fact in facts if fact["kind"] == kind)
        if items:
            yield _(label), items


def result_fact(result: Mapping[str, str]) -> dict[str, str]:
    """Tell a grade with what was graded."""
    name, value = result["name"], result["value"]
    return {"kind": "result", "text": f"{name}: {value}" if name else value, "url": ""}
