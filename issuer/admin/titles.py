"""What achievements are called on the pages of the desk: by title, in the language of the page."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection

from badges.award.lang import pick
from issuer.catalogue import store as catalogue
from issuer.catalogue.store import Version
from issuer.web import i18n

__all__ = ["title_of", "titles_of", "titles_told_apart"]


def title_of(version: Version) -> str:
    """Return an achievement's name for people."""
    return pick(version.entry.title, i18n.language()) or version.key


def titles_of(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Return the title of each of these versions by its number."""
    return {each.id: title_of(each) for each in catalogue.by_numbers(connection, numbers)}


def titles_told_apart(versions: Iterable[Version]) -> dict[str, str]:
    """Return the newest title of each achievement by its key; two of one title get their keys."""
    ordered = sorted(versions, key=lambda version: version.number)
    newest = {version.key: title_of(version) for version in ordered}
    times = Counter(newest.values())
    return {
        key: title if times[title] == 1 or title == key else f"{title} ({key})"
        for key, title in newest.items()
    }
