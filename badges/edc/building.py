"""The objects of an EDC, each with its id: the same content always gets the same id.

Shape: ids are `urn:epass:<class>:<n>`, counted in the order of writing, so that the same
award always gives the same bytes. Empty members are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import orjson

from badges.award import LangString
from contexts.codes import Code, CodeList, UnknownCode, code_list, find

__all__ = [
    "ACHIEVEMENT_SCHEME",
    "AWARD_SCHEME",
    "BADGE_PROFILE",
    "BADGE_SCHEME",
    "DID_SCHEME",
    "EIDAS",
    "LEGAL_SCHEMES",
    "NOTE_IDS",
    "Nodes",
    "coded",
    "concept",
    "duration",
    "language_code",
    "moment",
    "number_text",
    "text",
]

LEGAL_SCHEMES = {"registration": "registration", "vat": "vatIdentifier", "tax": "taxIdentifier"}
"""Registers with a member of their own; every other number goes under `identifier`."""

EIDAS = "eidas"
"""The scheme of the identifier a seal certificate carries (organizationIdentifier)."""

ACHIEVEMENT_SCHEME = "Open Badges achievement"
AWARD_SCHEME = "Award"
BADGE_SCHEME = "Open Badges 3.0"
BADGE_PROFILE = "Open Badges profile"
DID_SCHEME = "DID"
"""Names of identifiers that let an award be read back."""

NOTE_IDS = "urn:epass:concept:"
"""What a note is about: this and a word of ours."""


@dataclass(slots=True)
class Nodes:
    """Gives objects their ids while one credential is written."""

    counts: dict[str, int] = field(default_factory=dict)
    ids: dict[bytes, str] = field(default_factory=dict)

    def make(
        self, kind: str, content: Mapping[str, Any], *, key: str | None = None
    ) -> dict[str, Any]:
        """Return an object of type `kind`; `key` is its id where it has one of its own."""
        filled = {term: value for term, value in content.items() if value not in (None, "", [], {})}
        return {"id": key or self._id(kind, filled), "type": kind, **filled}

    def _id(self, kind: str, content: Mapping[str, Any]) -> str:
        print_of = kind.encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
        if print_of not in self.ids:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.ids[print_of] = f"urn:epass:{kind[0].lower()}{kind[1:]}:{self.counts[kind]}"
        return self.ids[print_of]

    def note(self, said: LangString, subject: str = "") -> dict[str, Any] | None:
        """Return a note; `subject` says what it is about, so that it can be read back."""
        if not text(said):
            return None
        about = {
            "id": NOTE_IDS + subject,
            "type": "Concept",
            "inScheme": {"id": "urn:epass:conceptScheme:learnseal", "type": "ConceptScheme"},
            "prefLabel": {"en": subject.replace("-", " ").capitalize()},
        }
        return self.make("Note", {"noteLiteral": text(said), "subject": about if subject else None})

    def link(self, url: str | None, title: LangString | None = None) -> dict[str, Any] | None:
        """Return a web page."""
        if not url:
            return None
        return self.make("WebResource", {"contentURL": url, "title": text(title or {})})

    def media(
        self,
        content: str,
        media_type: str,
        title: LangString | None = None,
        description: LangString | None = None,
    ) -> dict[str, Any]:
        """Return a picture or file; `content` is base64, `description` is for who cannot see it."""
        return self.make(
            "MediaObject",
            {
                "title": text(title or {}),
                "description": text(description or {}),
                "content": content,
                "contentEncoding": concept(find("encoding", "base64")),
                "contentType": coded("file-type", media_type),
            },
        )


def text(said: LangString) -> dict[str, str]:
    """Return text by language: empty ones left out, one spelling of each language."""
    found: dict[str, str] = {}
    for language, words in said.items():
        if words.strip() and language.casefold() not in map(str.casefold, found):
            found[language] = words
    return found


def concept(code: Code) -> dict[str, Any]:
    """Return a code as the object EDC uses."""
    codes = code_list(code.list_name)
    found = _concept(codes, code.iri)
    if code.labels:
        found["prefLabel"] = dict(code.labels)
    if codes.vocabulary:
        found["notation"] = codes.vocabulary
    return found


def _concept(codes: CodeList, iri: str) -> dict[str, Any]:
    scheme = {"id": codes.scheme, "type": "ConceptScheme"}
    return {"id": iri, "type": "Concept", "inScheme": scheme}


def coded(name: str, spelling: str) -> dict[str, Any]:
    """Return the code a person wrote; an unknown one is kept, for the rules to name."""
    try:
        return concept(find(name, spelling))
    except UnknownCode:
        return _concept(code_list(name), code_list(name).base + spelling)


def language_code(tag: str) -> Code | None:
    """Return the European code of a language tag, if its language is in our list."""
    try:
        return find("language", tag.partition("-")[0])
    except UnknownCode:
        return None


def moment(when: datetime | date) -> str:
    """Write a time in UTC; a date is its midnight."""
    if not isinstance(when, datetime):
        return f"{when.isoformat()}T00:00:00Z"
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def number_text(value: float) -> str:
    """Write a number of credits: at most three decimals, no trailing zeros."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def duration(hours: float) -> str:
    """Write hours as a duration: 7.5 → PT7H30M."""
    seconds = max(1, round(hours * 3600))
    parts: Sequence[tuple[int, str]] = (
        (seconds // 3600, "H"),
        (seconds // 60 % 60, "M"),
        (seconds % 60, "S"),
    )
    return "PT" + "".join(f"{amount}{unit}" for amount, unit in parts if amount)
