"""Text in several languages.

Shape: language tag (BCP 47, ``en``, ``pt-BR``) → text. Signed documents carry one language or an
array per language; which one is the writer's decision.
"""

import re
from collections.abc import Mapping

from badges.errors import MalformedValue

__all__ = ["LangString", "check_lang_string", "check_language", "pick"]

LangString = Mapping[str, str]

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def check_language(tag: str) -> None:
    """Refuse what is not a language tag.

    Raises:
        MalformedValue: for instance ``english`` or an empty string.
    """
    if not _TAG.fullmatch(tag):
        raise MalformedValue(f"{tag!r} is not a language tag like 'en' or 'pt-BR'")


def check_lang_string(text: LangString, what: str) -> None:
    """Refuse a text without a language, or a language without a text.

    Raises:
        MalformedValue: naming `what` the text is.
    """
    if not isinstance(text, Mapping):
        raise MalformedValue(f"{what} must give its language: {{'en': '…'}}")
    for tag, value in text.items():
        check_language(tag)
        if not str(value).strip():
            raise MalformedValue(f"{what} is empty in language {tag!r}")


def pick(text: LangString, language: str, *others: str) -> str:
    """Return `text` in `language`, else in the first of `others`, English, or any we have.

    An empty mapping gives an empty string.
    """
    for tag in (language, *others, "en"):
        if tag in text:
            return text[tag]
    return next(iter(text.values()), "")
