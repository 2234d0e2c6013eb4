"""The few words on the page of a credential, in the languages credentials are written in.

Shape: `page_words.json`, language → English word → its own word. A credential speaks its own
language, not its reader's; so these are not the catalogues of the pages. What a language lacks
is said in English.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

__all__ = ["WORDS", "languages", "word"]

WORDS = (
    "Micro-credential", "awarded to", "Credits", "Workload", "Level", "Participation",
    "Assessment", "Result", "Awarded on", "Valid until", "Skills", "Learning outcomes",
    "Awarded by", "Sealed by", "Check this credential", "hours", "Quality assured by",
)  # fmt: skip


@cache
def languages() -> Mapping[str, Mapping[str, str]]:
    """Return every language with its words; English is the words themselves."""
    text = (resources.files("issuer.edc") / "page_words.json").read_text(encoding="utf-8")
    return {"en": {english: english for english in WORDS}, **json.loads(text)}


def word(english: str, language: str) -> str:
    """Say one of `WORDS` in a language."""
    return languages().get(language.partition("-")[0], {}).get(english, english)
