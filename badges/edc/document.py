"""An EDC taken apart once, for every rule to look at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

from badges.edc.nodes import Described, Json, Node, describe, index, types, walk
from badges.proofs.x509 import SealIdentity

__all__ = ["Document"]


@dataclass(frozen=True, slots=True)
class Document:
    """A credential, its objects, and what is known from elsewhere."""

    value: Json
    nodes: tuple[Node, ...]
    known: dict[str, list[Node]]
    described: dict[str, Described]
    is_draft: bool = False
    seal: SealIdentity | None = None
    is_skill: Callable[[str], bool] | None = field(default=None)

    @classmethod
    def read(
        cls,
        value: Json,
        *,
        is_draft: bool = False,
        seal: SealIdentity | None = None,
        is_skill: Callable[[str], bool] | None = None,
    ) -> Self:
        """Take a credential apart."""
        nodes = tuple(walk(value))
        return cls(value, nodes, index(nodes), describe(nodes), is_draft, seal, is_skill)

    def of(self, *names: str) -> Iterator[Node]:
        """Go through the objects of these classes."""
        return (node for node in self.nodes if set(names) & set(types(node.value)))
