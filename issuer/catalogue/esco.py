"""Find skills of ESCO, and tell known ones from unknown ones.

Shape: an operator loads the official table into ``LEARNSEAL_DATA/esco/skills.sqlite``; until then
       a small English selection that comes with the product answers. Against a selection, a skill
       that is not found is not called unknown.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from issuer.catalogue.esco_file import SKILL_URI, Skill, language_of, read_skills
from issuer.catalogue.esco_index import EscoIndex
from issuer.errors import InvalidUpload, NotFound

__all__ = ["ATTRIBUTION", "Known", "index_in", "known_skill", "load_file", "search"]

ATTRIBUTION = "ESCO classification of the European Commission, © European Union"
"""To be shown beside skills (Commission Decision 2011/833/EU)."""

MAX_RESULTS = 50
BUNDLE = Path(__file__).parent / "esco_bundle" / "skills-en.tsv"


class Known(StrEnum):
    """What can be said of a skill's URI."""

    CURRENT = "current"
    DEPRECATED = "deprecated"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not-checked"


def index_in(data: Path) -> EscoIndex:
    """Return the index of the service in folder `data`, or the selection that ships with us."""
    path = _place(data)
    return _opened(path) if path.is_file() else _bundle()


def search(index: EscoIndex, text: str, *, lang: str = "en", limit: int = 20) -> tuple[Skill, ...]:
    """Return the skills that fit `text` best; the beginnings of words suffice.

    Raises:
        NotFound: there are no skills in this language here.
    """
    if lang not in index.languages():
        here = ", ".join(index.languages())
        raise NotFound(f"no skills in language {lang!r}; loaded: {here}")
    return index.search(text, lang, max(1, min(limit, MAX_RESULTS)))


def known_skill(index: EscoIndex, uri: str) -> Known:
    """Tell whether `uri` is a skill of ESCO."""
    if not SKILL_URI.fullmatch(uri):
        return Known.UNKNOWN
    found = index.find(uri)
    if found is not None:
        return Known.CURRENT if found.is_current else Known.DEPRECATED
    return Known.UNKNOWN if any(index.languages().values()) else Known.NOT_CHECKED


def load_file(data: Path, file: Path, lang: str = "") -> int:
    """Load a table of skills into the service in folder `data` and return how many it held.

    Args:
        data: the service's data folder.
        file: the official CSV, or a tab-separated table.
        lang: two letters; by default what the file's name says (``skills_pt.csv``).

    Raises:
        InvalidUpload: no such file, not such a table, or no language; nothing changes.
    """
    chosen = lang or language_of(file.name)
    if not chosen:
        raise InvalidUpload(f"which language is {file.name}? Say so with --lang")
    if not file.is_file():
        raise InvalidUpload(f"there is no file {file}")
    index = EscoIndex.at(_place(data))
    try:
        with file.open(encoding="utf-8", newline="") as table:
            return index.load(read_skills(table), chosen, complete=True)
    except UnicodeDecodeError as error:
        raise InvalidUpload(f"{file.name} is not UTF-8") from error
    finally:
        empty = not index.languages()
        index.close()
        if empty:
            _place(data).unlink()


def _place(data: Path) -> Path:
    return data / "esco" / "skills.sqlite"


@lru_cache(maxsize=4)
def _opened(path: Path) -> EscoIndex:
    return EscoIndex.at(path)


@lru_cache(maxsize=1)
def _bundle() -> EscoIndex:
    index = EscoIndex.in_memory()
    with BUNDLE.open(encoding="utf-8", newline="") as table:
        index.load(read_skills(table), "en", complete=False)
    return index
