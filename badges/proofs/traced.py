"""Which texts of a document a check looks at.

Shape: a check that is a function of the document, and never took a certain text out of it, would
have come to the same end with any other text there. So the check is given a view that notes each
text when it is taken out; a list is noted with all its texts when the list is.
What is asked of the check: that it takes objects for any `Mapping`, not for a `dict` only.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from typing_extensions import override

__all__ = ["Path", "trace"]

Path = tuple[str | int, ...]
"""The names and positions that lead to a value."""

T = TypeVar("T")


def trace(
    check: Callable[[Mapping[str, Any]], T], document: Mapping[str, Any]
) -> tuple[T, frozenset[Path]]:
    """Return the answer of `check`, and the places of the values it looked at."""
    seen: set[Path] = set()
    answer = check(_View(document, (), seen))
    return answer, frozenset(seen)


class _View(Mapping[str, Any]):
    """An object that notes what is taken out of it; whether a name is there is no secret."""

    __slots__ = ("_path", "_seen", "_value")

    def __init__(self, value: Mapping[str, Any], path: Path, seen: set[Path]) -> None:
        self._value = value
        self._path = path
        self._seen = seen

    @override
    def __getitem__(self, name: str) -> Any:
        return _shown(self._value[name], (*self._path, name), self._seen)

    @override
    def __contains__(self, name: object) -> bool:
        return name in self._value

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._value)

    @override
    def __len__(self) -> int:
        return len(self._value)


def _shown(value: Any, path: Path, seen: set[Path]) -> Any:
    if isinstance(value, Mapping):
        return _View(value, path, seen)
    if isinstance(value, list):
        return [_shown(item, (*path, place), seen) for place, item in enumerate(value)]
    seen.add(path)
    return value
