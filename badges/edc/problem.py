"""One thing wrong with a European Digital Credential: where, what, and what to do."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

__all__ = ["Problem", "errors"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken rule. An `error` stops sealing; a `remark` is worth a look."""

    code: str
    path: str
    message: str
    severity: str = "error"

    def to_json(self) -> dict[str, str]:
        """Return the wire form."""
        return asdict(self)


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that stop a credential from being sealed."""
    return [problem for problem in problems if problem.severity == "error"]
