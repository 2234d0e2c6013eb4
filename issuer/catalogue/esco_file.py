"""Files of ESCO skills: the official CSV in any language, and tab-separated tables.

Spec: ESCO v1 download package, ``skills_xx.csv`` (columns ``conceptUri``, ``preferredLabel``, and,
      where present, ``skillType``, ``reuseLevel``, ``altLabels``, ``description``, ``status``).
Shape: one concept a row; alternative labels are separated by line breaks or ``|``.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

from issuer.errors import InvalidUpload

__all__ = ["SKILL_URI", "Skill", "language_of", "read_skills"]

SKILL_URI = re.compile(r"http://data\.europa\.eu/esco/skill/[0-9a-f-]{36}")
"""What the identifier of an ESCO skill looks like."""

_COLUMNS = {"uri": "conceptUri", "label": "preferredLabel", "skill_type": "skillType"}
"""Column names of joined tables → the official ones."""

_KINDS = {"skill": "skill/competence"}
_MAX_FIELD = 2**17


@dataclass(frozen=True, slots=True)
class Skill:
    """One ESCO skill in one language."""

    uri: str
    label: str
    kind: str = ""
    """``skill/competence``, ``knowledge`` or empty."""

    reuse_level: str = ""
    alternatives: tuple[str, ...] = ()
    description: str = ""
    is_current: bool = True


def read_skills(file: TextIO) -> Iterator[Skill]:
    """Yield the skills of a table; rows of other concepts are passed over.

    Raises:
        InvalidUpload: not such a table, or a row that cannot be read.
    """
    csv.field_size_limit(_MAX_FIELD)
    head = file.readline().lstrip("\ufeff")
    separator = "\t" if "\t" in head else ","
    names = next(csv.reader([head], delimiter=separator), [])
    columns = [_COLUMNS.get(name, name) for name in names]
    if lacking := {"conceptUri", "preferredLabel"} - set(columns):
        raise InvalidUpload(f"columns missing: {', '.join(sorted(lacking))}")
    rows = (
        csv.DictReader(file, columns, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
        if separator == "\t"
        else csv.DictReader(file, columns, restval="")
    )
    try:
        for row in rows:
            skill = _skill(row)
            if skill is not None:
                yield skill
    except (csv.Error, UnicodeDecodeError) as error:
        raise InvalidUpload(f"row {rows.line_num + 1} cannot be read: {error}") from error


def language_of(file_name: str) -> str:
    """Return the language in an official file name (``skills_pt.csv``), or an empty text."""
    found = re.search(r"[_-]([a-z]{2})\.(?:csv|tsv)(?:\.gz)?$", file_name)
    return found[1] if found else ""


def _skill(row: Mapping[str, str]) -> Skill | None:
    uri = row["conceptUri"].strip()
    if not SKILL_URI.fullmatch(uri):
        return None
    joined = row.get("alt_and_description", "")
    label = row["preferredLabel"].strip()
    return Skill(
        uri,
        label or joined[:60].rsplit(" ", 1)[0] + " …",
        _KINDS.get(kind := row.get("skillType", "").strip(), kind),
        row.get("reuseLevel", "").strip(),
        tuple(
            part.strip() for part in re.split(r"[\n|]", row.get("altLabels", "")) if part.strip()
        ),
        (row.get("description") or joined).strip(),
        row.get("status", "").strip().lower() in ("", "released"),
    )
