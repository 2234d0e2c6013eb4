"""The index of skills: one SQLite file with full-text search, one language beside the other.

Spec: SQLite FTS5. Reference data only: it can be thrown away and loaded anew at any time.
Shape: texts are folded (lower case, no accents, ``ł`` as ``l``) when stored and when asked, so
       that ``zazolc`` finds ``zażółć``. What a person types is words, never query syntax.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from issuer.catalogue.esco_file import Skill
from issuer.errors import InvalidUpload

__all__ = ["EscoIndex", "fold"]

MAX_WORDS = 8
"""Most words of a search that count."""

MAX_WORD = 40
"""Most letters of a word that count."""

_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
    }
)
"""Letters that Unicode does not take apart, as people type them on other keyboards."""

_TABLES = """
CREATE TABLE IF NOT EXISTS language (lang TEXT PRIMARY KEY, complete INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS skill (
  id INTEGER PRIMARY KEY, lang TEXT NOT NULL, uri TEXT NOT NULL, label TEXT NOT NULL,
  folded TEXT NOT NULL, kind TEXT NOT NULL, reuse TEXT NOT NULL, alternatives TEXT NOT NULL,
  description TEXT NOT NULL, current INTEGER NOT NULL, UNIQUE (uri, lang));
CREATE INDEX IF NOT EXISTS skill_folded ON skill (lang, folded);
"""

_COLUMNS = "s.uri, s.label, s.kind, s.reuse, s.alternatives, s.description, s.current"
_FTS = (
    "fts5(label, alternatives, description, content='', prefix='2 3 4', "
    "tokenize=\"unicode61 remove_diacritics 2 tokenchars '+#'\")"
)
_WORDS = "(rowid, label, alternatives, description) VALUES (?, ?, ?, ?)"
_ADD = (
    "INSERT INTO skill (lang, uri, label, folded, kind, reuse, alternatives, description, current) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_FIND = f"SELECT {_COLUMNS} FROM skill AS s WHERE s.uri = ? ORDER BY s.lang LIMIT 1"  # noqa: S608 - our own text
_BEGINNING = (
    f"SELECT {_COLUMNS} FROM skill AS s WHERE s.lang = ?1 AND s.folded >= ?2 AND s.folded < ?3 "  # noqa: S608 - our own text
    "AND s.current ORDER BY s.folded = ?2 DESC, instr(s.folded || ' ', ?2 || ' ') = 1 DESC, "
    "length(s.folded), s.folded LIMIT ?4"
)
_STAGES = (("{label} : ", 1), ("{label alternatives} : ", 2), ("", 3))
"""Where to look, in order, and the fewest letters of a word worth looking for there."""

_LAST = "\U0010ffff"
"""The last of all characters: what begins with a text sorts before text + this."""


def fold(text: str) -> str:
    """Return `text` as it is compared: lower case, without accents, one space between words."""
    small = unicodedata.normalize("NFKD", text).casefold()
    apart = unicodedata.normalize("NFKD", small.casefold().translate(_LETTERS)).casefold()
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[\w+#]+", plain))


class EscoIndex:
    """An open index. Reading is safe from several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.executescript(_TABLES)

    @classmethod
    def at(cls, path: Path) -> "EscoIndex":
        """Open the index in file `path`, making it where it lacks."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(sqlite3.connect(path, check_same_thread=False, isolation_level=None))

    @classmethod
    def in_memory(cls) -> "EscoIndex":
        """Open an empty index that lives as long as the process."""
        return cls(sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def load(self, skills: Iterable[Skill], lang: str, *, complete: bool) -> int:
        """Replace the skills of one language and return how many there are now.

        Raises:
            InvalidUpload: no skills at all, the same one twice, or a row that cannot be read;
                then nothing changes.
        """
        table = _words(lang)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._empty(table, lang)
            count = sum(self._insert(table, lang, each) for each in skills)
            if not count:
                raise InvalidUpload("there is no ESCO skill in this file")
            row = (lang, complete)
            self._connection.execute("INSERT OR REPLACE INTO language VALUES (?, ?)", row)
            self._connection.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            raise InvalidUpload("a skill stands twice in this file") from error
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        return count

    def languages(self) -> dict[str, bool]:
        """Return the languages there are, and whether each has all skills."""
        rows = self._connection.execute("SELECT lang, complete FROM language ORDER BY lang")
        return {lang: bool(complete) for lang, complete in rows}

    def search(self, text: str, lang: str, limit: int) -> tuple[Skill, ...]:
        """Return the best fitting current skills: label first, then other names, then the rest."""
        words = [word[:MAX_WORD] for word in fold(text).split()[:MAX_WORDS]]
        if not words or lang not in self.languages():
            return ()
        found = dict.fromkeys(self._beginning(" ".join(words), lang, limit))
        query = " ".join(f'"{word}"*' for word in words)
        for columns, letters in _STAGES:
            if len(found) >= limit or any(len(word) < letters for word in words):
                break
            found |= dict.fromkeys(self._matching(f"{columns}({query})", lang, limit))
        return tuple(found)[:limit]

    def find(self, uri: str) -> Skill | None:
        """Return the skill with this URI in any language, or None."""
        row = self._connection.execute(_FIND, (uri,)).fetchone()
        return _skill(row) if row else None

    def labels(self, uri: str) -> dict[str, str]:
        """Return what a skill is called, by language; empty for one that is not here."""
        rows = self._connection.execute("SELECT lang, label FROM skill WHERE uri = ?", (uri,))
        return dict(sorted(rows))

    def _empty(self, table: str, lang: str) -> None:
        self._connection.execute(f"DROP TABLE IF EXISTS {table}")
        self._connection.execute("DELETE FROM skill WHERE lang = ?", (lang,))
        self._connection.execute(f"CREATE VIRTUAL TABLE {table} USING {_FTS}")

    def _insert(self, table: str, lang: str, skill: Skill) -> int:
        names = "\n".join(skill.alternatives)
        label = fold(skill.label)
        row = (lang, skill.uri, skill.label, label, skill.kind, skill.reuse_level, names)
        done = self._connection.execute(_ADD, (*row, skill.description, skill.is_current))
        words = (done.lastrowid, label, fold(names), fold(skill.description))
        self._connection.execute(f"INSERT INTO {table} {_WORDS}", words)
        return 1

    def _beginning(self, text: str, lang: str, limit: int) -> list[Skill]:
        rows = self._connection.execute(_BEGINNING, (lang, text, text + _LAST, limit))
        return [_skill(row) for row in rows]

    def _matching(self, query: str, lang: str, limit: int) -> list[Skill]:
        table = _words(lang)
        asked = (
            f"SELECT {_COLUMNS} FROM {table} AS w JOIN skill AS s ON s.id = w.rowid "  # noqa: S608 - see _words
            f"WHERE {table} MATCH ? AND s.current "
            f"ORDER BY bm25({table}, 10.0, 4.0, 1.0), length(s.label) LIMIT ?"
        )
        return [_skill(row) for row in self._connection.execute(asked, (query, limit))]


def _words(lang: str) -> str:
    """Return the name of a language's search table; only two letters ever reach SQL.

    Raises:
        InvalidUpload: not a language code.
    """
    if not re.fullmatch("[a-z]{2}", lang):
        raise InvalidUpload("the language must be two letters, such as en or pt")
    return f"words_{lang}"


def _skill(row: Sequence[Any]) -> Skill:
    uri, label, kind, reuse, names, description, current = row
    listed = tuple(names.split("\n")) if names else ()
    return Skill(uri, label, kind, reuse, listed, description, bool(current))
