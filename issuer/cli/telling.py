"""A report as a person reads it on a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from badges.verify.codes import CODES
from issuer.cli.console import out

__all__ = ["tell"]

VERDICTS = {
    "valid": ("VALID", "bold green"),
    "genuine_with_remarks": ("GENUINE, WITH REMARKS", "bold yellow"),
    "not_valid": ("NOT VALID", "bold red"),
    "could_not_check": ("COULD NOT BE CHECKED", "bold magenta"),
}
OUTCOMES = {
    "passed": ("passed", "green"),
    "failed": ("failed", "red"),
    "unknown": ("not checked", "magenta"),
}
"""Outcomes worth a line; what does not apply is left out."""


def tell(report: Mapping[str, Any]) -> None:
    """Print one report."""
    word, style = VERDICTS[report["verdict"]]
    out.print(Text(word, style), Text(plain(report["input"])))
    out.print(Text(f"  {plain(report['summary'])}"))
    for finding in report["findings"]:
        if finding["outcome"] in OUTCOMES:
            outcome, style = OUTCOMES[finding["outcome"]]
            out.print(Text(f"  {outcome:12}", style), Text(plain(_line(finding))))


def _line(finding: Mapping[str, Any]) -> str:
    wording = CODES.get(finding["code"])
    title = wording.title if wording else finding["code"]
    if finding["outcome"] == "passed" or not finding["detail"]:
        return f"{finding['check']}: {title}"
    remedy = f" {wording.remedy}" if wording and wording.remedy else ""
    return f"{finding['check']}: {title}: {finding['detail']}.{remedy}"


def plain(text: str) -> str:
    """Keep a stranger's text from steering the terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
