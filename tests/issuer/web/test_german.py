"""Every page says everything in German too.

A message is missing? Write its German into `issuer/web/locale/de/LC_MESSAGES/learnseal.po`.
"""

import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

from issuer.app import create_app
from issuer.web import i18n

ROOT = Path(__file__).parents[3]
GERMAN = ROOT / "issuer" / "web" / "locale" / "de" / "LC_MESSAGES" / "learnseal.po"
ROOMS = (
    "badges/verify",
    "issuer/admin",
    "issuer/api",
    "issuer/app",
    "issuer/awarding",
    "issuer/claiming",
    "issuer/mail",
    "issuer/oid4vci",
    "issuer/verify",
    "issuer/web",
    "issuer/webhooks",
)
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


@pytest.fixture(scope="module")
def german():
    with GERMAN.open("rb") as file:
        return read_po(file, locale="de", abort_invalid=True)


@pytest.fixture
def english_after():
    yield
    i18n.speak("en")


def is_said(message):
    return all([message.string] if isinstance(message.string, str) else message.string)


@pytest.mark.parametrize("room", ROOMS)
def test_every_message_of_the_pages_has_its_german(room, german):
    keywords = DEFAULT_KEYWORDS | {"N_": None}
    options = {"**/templates/**.html": {"trimmed": "true"}}
    found = extract_from_dir(ROOT / room, METHODS, options, keywords=keywords)
    messages = (message for _, _, message, _, _ in found)
    said = {message if isinstance(message, str) else message[0] for message in messages}
    missing = sorted(text for text in said if text not in german or not is_said(german[text]))
    assert not missing, f"say these in German: {missing}"


def test_german_fills_in_the_same_places(german):
    for message in german:
        ids, strings = (
            ((each,) if isinstance(each, str) else each) for each in (message.id, message.string)
        )
        for said, german_said in zip(ids, strings, strict=True):
            assert not said or places(said) == places(german_said), message.id


def places(text):
    return sorted(PLACE.findall(text))


def test_no_german_is_unsure(german):
    assert not [message.id for message in german if message.id and message.fuzzy]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", "Lernen, das Sie belegen können."),
        ("/verify", "Einen Nachweis prüfen"),
        ("/api/docs", "Client und Token holen"),
        ("/claim", "Öffnen Sie Ihr Micro-Credential"),
        ("/staff/sign-in", "Am Arbeitsplatz anmelden"),
        ("/claim/nonsense", "So etwas gibt es hier nicht"),
    ],
)
def test_a_german_browser_is_answered_in_german(instance, english_after, path, told):
    client = TestClient(create_app(instance))
    headers = {"Accept": "text/html", "Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
    page = client.get(path, headers=headers)
    assert told in page.text
    assert '<html lang="de"' in page.text
    assert told not in client.get(path, headers={"Accept": "text/html"}).text
