"""One thing wrong with a European Digital Credential: where, what, and what to do."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from badges.errors import Problem as ToMend

__all__ = ["Problem", "errors"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken rule. An `error` stops sealing; a `remark` is worth a look."""

    code: str
    path: str
    message: str
    severity: str = "error"

    def as_error(self) -> ToMend:
        """Return it in the form in which all refusals of a seal are told."""
        return ToMend(self.code, self.path, self.message)

    def to_json(self) -> dict[str, str]:
        """Return the wire form."""
        return asdict(self)


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that stop a credential from being sealed."""
    return [problem for problem in problems if problem.severity == "error"]
