"""The answer: findings, the one verdict they allow, and what the credential says.

Shape (JSON): ``{"input", "verdict", "summary", "credential", "findings": [{"check", "outcome",
``"code", "detail"}], "checked_at"}``. ``credential.protected`` tells whether an intact seal covers
what it says; where it is false, a page hides the rest.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from typing_extensions import override

from badges.credential import moment
from badges.verify.codes import CODES, SELF_DECLARED, SUMMARIES, Weight
from badges.verify.outcome import EXPECTED, Finding, Outcome, Verdict, verdict, weigh

__all__ = ["Report", "Said"]

_HEAVIEST = (Weight.FATAL, Weight.BLIND, Weight.REMARK)


class Said(Mapping[str, Any]):
    """What a credential says, put together when it is first asked for: a verdict needs none."""

    def __init__(self, read: Callable[[], Mapping[str, Any]]) -> None:
        self._read = read
        self._found: Mapping[str, Any] | None = None

    @override
    def __getitem__(self, name: str) -> Any:
        return self._once()[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._once())

    @override
    def __len__(self) -> int:
        return len(self._once())

    @override
    def __repr__(self) -> str:
        return repr(self._once())

    def _once(self) -> Mapping[str, Any]:
        if self._found is None:
            self._found = self._read()
        return self._found


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one verification."""

    findings: tuple[Finding, ...]
    checked_at: datetime
    credential: Mapping[str, Any] = field(default_factory=dict)
    inner: tuple["Report", ...] = ()
    """Of the credentials in a presentation."""

    expected: frozenset[str] = EXPECTED

    @property
    def verdict(self) -> Verdict:
        """The one verdict these findings allow."""
        return verdict(self.findings, expected=self.expected)

    @property
    def reason(self) -> Finding | None:
        """The finding that decided, when the verdict is not ``valid``."""
        for weight in _HEAVIEST:
            for finding in self.findings:
                if weigh(finding) is weight:
                    return finding
        return None

    def finding(self, check: str) -> Finding | None:
        """Return the finding of one check."""
        return next((f for f in self.findings if f.check == check), None)

    def summary(self) -> str:
        """Return the verdict as one English sentence."""
        return SUMMARIES[self.verdict.value].format_map(self.facts())

    def facts(self) -> dict[str, str]:
        """Return what the summary sentence names: issuer, name, learner, date, reason."""
        said, reason = self.credential, self.reason
        issuer, learner = said.get("issuer", {}), said.get("learner", {})
        title = (
            CODES[reason.code].title if reason and reason.code in CODES else "a check is missing"
        )
        return {
            "issuer": _issuer(issuer),
            "name": said.get("name", "a credential"),
            "learner": learner.get("name") or learner.get("id") or "its holder",
            "date": str(said.get("awarded") or said.get("valid_from") or "")[:10]
            or "an unknown date",
            "reason": title[:1].lower() + title[1:],
        }

    def to_json(self, input: str = "") -> dict[str, Any]:  # noqa: A002 - the report's own member
        """Return the report as the public contract has it."""
        report: dict[str, Any] = {
            "input": input,
            "verdict": self.verdict.value,
            "summary": self.summary(),
            "credential": dict(self.credential),
            "findings": [
                {"check": f.check, "outcome": f.outcome.value, "code": f.code, "detail": f.detail}
                for f in self.findings
            ],
            "checked_at": moment(self.checked_at),
        }
        if self.inner:
            report["credentials"] = [inner.to_json() for inner in self.inner]
        return report

    def is_protected(self) -> bool:
        """Tell whether an intact seal covers what the credential says."""
        seal = self.finding("proof")
        return seal is not None and seal.outcome is Outcome.PASSED


def _issuer(said: Mapping[str, Any]) -> str:
    """Name the issuer; a name that is only its own claim never stands alone."""
    name, address = said.get("name"), said.get("id")
    if name and address and said.get("name_source") == "self-declared":
        return SELF_DECLARED.format(id=address, name=name)
    return str(name or address or "somebody")
