"""The code lists European Digital Credentials speak in: what each code means and how to find it.

Spec: European Learning Model 3, controlled vocabularies; EU authority tables.
Shape: one JSON file per list under `data/codes`; a code is the last part of its IRI.
A list that is not `complete` may know fewer codes than Europass does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

__all__ = ["Code", "CodeList", "UnknownCode", "code_list", "find", "list_of_scheme", "lists"]

FOLDER = resources.files("contexts") / "data" / "codes"


class UnknownCode(LookupError):
    """A code that its list does not hold."""

    code = "unknown-code"


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list."""

    list_name: str
    key: str
    iri: str
    labels: Mapping[str, str]
    alias: str = ""

    def label(self, language: str = "en") -> str:
        """Say the code in `language`, in English where we have no translation."""
        return self.labels.get(language) or self.labels.get("en") or self.key


@dataclass(frozen=True, slots=True)
class CodeList:
    """One controlled vocabulary. `vocabulary` is the name official files give as `notation`."""

    name: str
    scheme: str
    base: str
    complete: bool
    vocabulary: str
    codes: Mapping[str, Code]

    def get(self, iri: str) -> Code | None:
        """Return the code with this IRI, if the list has it."""
        if not iri.startswith(self.base):
            return None
        return self.codes.get(iri.removeprefix(self.base))

    def suggestions(self, limit: int = 12) -> str:
        """Name the codes a person may choose from, for an error message."""
        shown = [f"{code.alias or key} ({code.label()})" for key, code in self.codes.items()]
        return ", ".join(shown[:limit]) + (", …" if len(shown) > limit else "")


@cache
def lists() -> tuple[str, ...]:
    """Name every code list we carry."""
    names = (entry.name.removesuffix(".json") for entry in FOLDER.iterdir())
    return tuple(sorted(name for name in names if not name.endswith(".md")))


@cache
def code_list(name: str) -> CodeList:
    """Read one code list.

    Raises:
        UnknownCode: we carry no list of that name.
    """
    if name not in lists():
        raise UnknownCode(f"there is no code list {name!r}; we have {', '.join(lists())}")
    raw = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    codes = {
        key: Code(
            name,
            key,
            raw["base"] + key,
            MappingProxyType(row["label"]),
            row.get("alias", ""),
        )
        for key, row in raw["codes"].items()
    }
    return CodeList(
        name,
        raw["scheme"],
        raw["base"],
        raw["complete"],
        raw.get("vocabulary", ""),
        MappingProxyType(codes),
    )


@cache
def list_of_scheme(scheme: str) -> CodeList | None:
    """Return the list of this scheme IRI, if we carry it."""
    return next((found for name in lists() if (found := code_list(name)).scheme == scheme), None)


@cache
def _names(name: str) -> Mapping[str, Code]:
    found: dict[str, Code] = {}
    for code in code_list(name).codes.values():
        for spelling in (*code.labels.values(), code.alias, code.key, code.iri):
            if spelling:
                found[spelling.casefold()] = code
    return MappingProxyType(found)


def find(name: str, spelling: str) -> Code:
    """Find a code by its IRI, its key, its short form (`IE`, `en`, `image/png`) or a label.

    Raises:
        UnknownCode: no code of the list is spelt so; the message names some that are.
    """
    code = _names(name).get(spelling.strip().casefold())
    if code is None:
        known = code_list(name).suggestions()
        raise UnknownCode(f"{spelling!r} is not in the list {name!r}; use one of: {known}")
    return code
