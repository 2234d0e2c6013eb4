"""What a European Digital Credential must hold: class by class, property by property.

Spec: EDC application profile 1.1.0 (generic-full and generic-no-cv), as a table of our own.
Shape: class → term → `minimum..maximum kind [code list]`; kinds are XML Schema types,
`text` (one value per language), `texts` (several), or classes joined with `|`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

__all__ = ["PropertyRule", "edc_profile"]


@dataclass(frozen=True, slots=True)
class PropertyRule:
    """How often a property may occur, and what its values are."""

    minimum: int
    maximum: int | None
    kinds: tuple[str, ...]
    code_list: str = ""

    @property
    def is_node(self) -> bool:
        """Tell whether values are objects with a type of their own."""
        return self.kinds[0][0].isupper() and self.kinds[0] != "HTML"


def _rule(text: str) -> PropertyRule:
    count, kinds, *names = text.split(" ")
    least, most = count.split("..")
    return PropertyRule(
        int(least),
        None if most == "*" else int(most),
        tuple(kinds.split("|")),
        names[0] if names else "",
    )


@cache
def edc_profile() -> Mapping[str, Mapping[str, PropertyRule]]:
    """Return the rules of every class; the row `issuer` is for whoever issues the credential."""
    source = resources.files("contexts") / "data" / "profiles" / "edc.json"
    table = json.loads(source.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: MappingProxyType({term: _rule(text) for term, text in row.items()})
            for name, row in table.items()
        }
    )
