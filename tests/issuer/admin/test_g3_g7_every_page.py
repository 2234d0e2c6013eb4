"""G3 and G7 on every page of the desk: private, nothing inline, in the reader's language.

The list of pages is taken from the application itself, so a new page is in it on its first day.
"""

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from badges.award import Learner
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.organisations.roles import Role
from tests.issuer.admin.test_matrix import DOORS, address

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

ENERGY = "energy-positive-neighbourhoods"
ABOVE = ("/staff", "/staff/account", "/staff/audit", "/staff/health", "/staff/confirm?next=/staff")
FEWEST = 30
"""Pages that answer without a list or a choice made before."""


class Seen(HTMLParser):
    """What of a page matters here: its language, its title, anything inline."""

    def __init__(self, text):
        super().__init__()
        self.language, self.inline, self.tag = "", [], ""
        self.title = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tag = tag
        if tag == "html":
            self.language = given["lang"]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]

    def handle_data(self, data):
        if self.tag == "title":
            self.title += data

    def handle_endtag(self, tag):
        self.tag = ""


@pytest.fixture
def every_page(sign_in_as, instance, achievements, alliance):
    """Ask for every page of an organisation's desk, and those above, in a language."""
    learner = Learner(given_name="Ida", email="ida@x.example")
    award_one(instance, Wish(ENERGY, Decision(learner, date(2026, 6, 12))))
    owner = achievements[ENERGY].organisation_id
    halvik = next(found.slug for found in alliance if found.id == owner)
    office = sign_in_as(Role.ALLIANCE_ADMIN)
    paths = [path.replace("{key}", ENERGY) for method, path in DOORS if method == "GET"]
    paths = [path.replace("/one", f"/one?achievement={ENERGY}") for path in paths]
    one = re.search(r"/awards/(\d+)\"", office.open(f"/staff/o/{halvik}/awards").text)[1]
    wanted = [address(path.replace("{award_id}", one), halvik) for path in paths]

    def ask(language):
        headers = {"Accept": "text/html", "Accept-Language": language}
        answers = [office.get(path, headers=headers) for path in (*ABOVE, *wanted)]
        return [found for found in answers if "html" in found.headers.get("content-type", "")]

    return ask


def test_g3_every_page_is_private_and_holds_nothing_inline(every_page):
    answers = every_page("en")
    assert sum(answer.status_code == 200 for answer in answers) >= FEWEST
    for answer in answers:
        where, headers = answer.request.url.path, answer.headers
        assert (where, headers["cache-control"]) == (where, "no-store")
        assert (where, "noindex" in headers["x-robots-tag"]) == (where, True)
        assert (where, headers["x-content-type-options"]) == (where, "nosniff")
        assert (where, headers["content-security-policy"][:18]) == (where, "default-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert (where, Seen(answer.text).inline) == (where, [])


@pytest.mark.parametrize("language", ["en", "de"])
def test_g7_every_page_has_a_title_of_its_own_in_the_readers_language(every_page, language):
    titles = {}
    for answer in every_page(language):
        seen = Seen(answer.text)
        where = answer.request.url.path
        assert (where, seen.language) == (where, language)
        if answer.status_code == 200:
            titles.setdefault(seen.title, []).append(where)
    assert [found for found in titles.values() if len(found) > 1] == []


def test_g7_days_are_written_as_the_reader_writes_them(every_page):
    text = "".join(answer.text for answer in every_page("de"))
    assert "12. Juni 2026" in text
    assert re.findall(r">[^<]*\d{4}-\d\d-\d\d[^<]*<(?!/option)", text) == []
