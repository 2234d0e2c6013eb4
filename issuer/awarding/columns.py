"""Which column of a list means what: headings as offices write them, in several languages."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from issuer.errors import UnclearColumns

__all__ = ["Chosen", "Column", "Layout", "Mapped", "guess", "map_columns"]


class Column(StrEnum):
    """What a column may say about a person."""

    GIVEN_NAME = "given name"
    FAMILY_NAME = "family name"
    FULL_NAME = "full name"
    EMAIL = "e-mail"
    BIRTH_DATE = "birth date"
    STUDENT_NUMBER = "student number"
    AWARDED_ON = "awarded on"
    GRADE = "result"
    START = "start"
    END = "end"
    EVIDENCE = "evidence"
    NARRATIVE = "narrative"
    LANGUAGE = "language"


_HEADINGS: Mapping[Column, str] = {
    Column.GIVEN_NAME: "given name|first name|forename|vorname|voornaam|prenom|nombre|nome|fornavn"
    "|fornamn|etunimi|imie|jmeno|givenname|firstname",
    Column.FAMILY_NAME: "family name|last name|surname|nachname|familienname|achternaam|nom"
    "|nom de famille|apellidos|apellido|apelido|cognome|etternavn|efternamn|sukunimi|nazwisko"
    "|prijmeni|familyname|lastname",
    Column.FULL_NAME: "name|full name|learner|student|participant|naam|nom complet|fullname",
    Column.EMAIL: "e mail|email|mail|e mail address|email address|e mail adresse"
    "|e post|courriel|correo",
    Column.BIRTH_DATE: "birth date|date of birth|birthday|geburtsdatum|geboortedatum"
    "|date de naissance|fecha de nacimiento|data de nascimento|birthdate|dob",
    Column.STUDENT_NUMBER: "student number|student id|matriculation number|matrikelnummer"
    "|studentnummer|sourcedid|numero etudiant",
    Column.AWARDED_ON: "awarded on|award date|date|date awarded|awarded|datum|date d attribution"
    "|verliehen am|datum der verleihung|fecha|data|issued on|issue date",
    Column.GRADE: "result|grade|mark|note finale|ergebnis|resultaat|resultat|resultado|risultato"
    "|cijfer|karakter",
    Column.START: "start|start date|from|activity start|beginn|begin|debut",
    Column.END: "end|end date|until|activity end|ende|einde|fin",
    Column.EVIDENCE: "evidence|evidence url|portfolio|link|url",
    Column.NARRATIVE: "narrative|description|beschreibung|omschrijving",
    Column.LANGUAGE: "language|lang|sprache|taal|langue|idioma|lingua",
}
"""Headings without accents and punctuation, in lower case."""

_BY_HEADING = {
    heading: column for column, headings in _HEADINGS.items() for heading in headings.split("|")
}


@dataclass(frozen=True, slots=True)
class Mapped:
    """What each used column means, and which are not used."""

    places: Mapping[Column, int]
    unused: tuple[str, ...]

    def cell(self, cells: Sequence[str], column: Column) -> str:
        """Return the cell of a column; empty where the list has none."""
        place = self.places.get(column)
        return cells[place] if place is not None and place < len(cells) else ""


Chosen = tuple[Column | None, ...]
"""What each column of a list means, in order; None where it is not used."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings of a list, and what each was taken for."""

    columns: tuple[tuple[str, str | None], ...]

    def chosen_for(self, header: Sequence[str]) -> Chosen:
        """Take the columns of another list for what the same headings meant in this one."""
        known = dict(self.columns)
        found = (known.get(heading) for heading in header)
        return tuple(Column(meant) if meant else None for meant in found)


def guess(header: Sequence[str]) -> Chosen:
    """Take each heading for what offices usually mean by it; the first of two alike counts."""
    found: list[Column | None] = []
    for heading in header:
        column = _BY_HEADING.get(_plain(heading))
        found.append(column if column not in found else None)
    return tuple(found)


def map_columns(header: Sequence[str], chosen: Chosen | None = None) -> Mapped:
    """Find out what the columns mean, or take them for what somebody chose.

    Raises:
        UnclearColumns: two columns mean the same, or nothing names the person.
    """
    if chosen is None:
        chosen = tuple(_BY_HEADING.get(_plain(heading)) for heading in header)
    places: dict[Column, int] = {}
    unused = []
    for place, (heading, column) in enumerate(zip(header, chosen, strict=True)):
        if column is None:
            unused.append(heading)
        elif column in places:
            first = header[places[column]]
            raise UnclearColumns(f"columns {first!r} and {heading!r} both mean the {column}")
        else:
            places[column] = place
    if not places.keys() & {Column.GIVEN_NAME, Column.FAMILY_NAME, Column.FULL_NAME}:
        raise UnclearColumns(
            f"no column names the person (found: {', '.join(header)[:300]}): "
            "the first line needs headings such as 'Given name', 'Family name', 'E-mail'"
        )
    return Mapped(places, tuple(unused))


def _plain(heading: str) -> str:
    letters = unicodedata.normalize("NFKD", heading.casefold())
    kept = (c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join("".join(kept).split())
