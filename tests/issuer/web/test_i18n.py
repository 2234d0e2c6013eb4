from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from issuer.web import i18n

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Check a credential"
msgstr "Nachweis prüfen"

msgid "%(n)s check"
msgid_plural "%(n)s checks"
msgstr[0] "%(n)s Prüfung"
msgstr[1] "%(n)s Prüfungen"
"""


@pytest.fixture(autouse=True)
def german(tmp_path, monkeypatch):
    """One more language than the code has, and English again afterwards."""
    path = tmp_path / "de" / "LC_MESSAGES" / "learnseal.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE)
    monkeypatch.setattr(i18n, "LOCALES", tmp_path)
    i18n.languages.cache_clear()
    i18n.catalogue.cache_clear()
    yield
    i18n.speak("en")
    i18n.languages.cache_clear()
    i18n.catalogue.cache_clear()


def test_a_language_is_only_a_catalogue():
    i18n.speak("de")
    assert i18n.languages() == ("en", "de")
    assert i18n.gettext("Check a credential") == "Nachweis prüfen"
    assert i18n.ngettext("%(n)s check", "%(n)s checks", 2) == "%(n)s Prüfungen"
    assert i18n.name_of("de") == "Deutsch"


def test_what_a_catalogue_lacks_is_said_in_english():
    i18n.speak("de")
    assert i18n.gettext("Nobody translated this.") == "Nobody translated this."


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.8,en;q=0.5", "de"),
        ("fr;q=0.1, de;q=0.9", "de"),
        ("xx", "en"),
        ("", "en"),
        ("de;q=0", "en"),
        ("de;q=much", "en"),
        (";;;,,,=", "en"),
        ("*", "en"),
    ],
)
def test_the_browsers_wish_is_read(header, language):
    assert i18n.preferred(header, ("en", "de", "fr")) == language


def test_a_header_without_end_is_read_no_further_than_needed():
    assert i18n.preferred(",".join(["xx"] * 100_000 + ["de"]), ("en", "de")) == "en"


def test_an_unknown_language_is_answered_in_english():
    i18n.speak("../../etc")
    assert i18n.language() == "en"


def test_an_empty_message_is_not_the_catalogues_header():
    assert i18n.gettext("") == ""


def test_times_are_told_in_utc():
    there = timezone(timedelta(hours=2))
    assert i18n.moment(datetime(2026, 11, 23, 1, 30, tzinfo=there)) == "22 November 2026, 23:30 UTC"
    assert i18n.moment(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)).endswith("03:04 UTC")


def test_dates_follow_the_language():
    assert i18n.day(date(2026, 11, 23)) == "November 23, 2026"
    i18n.speak("de")
    assert i18n.day(date(2026, 11, 23)) == "23. November 2026"
