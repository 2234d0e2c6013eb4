import html
import json
import re
from html.parser import HTMLParser

import pytest

from badges.verify import Register

PAGE = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e'


class Nodes(HTMLParser):
    """Every start tag of a page, with its attributes."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def send(client, text="", file=None):
    files = {"file": file or ("", b"", "application/octet-stream")}
    value = text if isinstance(text, str) else json.dumps(text)
    return client.post("/verify", data={"text": value}, files=files, headers=PAGE)


def headline(page):
    return html.unescape(re.search(r'<h1 id="verdict">(.*?)</h1>', page.text)[1])


def test_the_form_works_without_javascript(client):
    page = client.get("/verify", headers=PAGE)
    forms = [attrs for tag, attrs in Nodes(page.text).tags if tag == "form"]
    assert forms[0]["method"] == "post"
    assert forms[0]["enctype"] == "multipart/form-data"
    inputs = {
        attrs.get("name") for tag, attrs in Nodes(page.text).tags if tag in {"input", "textarea"}
    }
    assert inputs == {"file", "text"}


def test_a_pasted_badge_gets_one_verdict_and_its_reasons(client, uni):
    page = send(client, uni.badge())
    assert page.status_code == 200
    assert headline(page) == "Valid"
    said = "University of Morgenau awarded “Water challenge” to Zoë Ångström on November 23, 2026."
    assert said in html.unescape(page.text)
    for told in ("3 ECTS", "EQF level 6", "Python", "in the register", "What we checked"):
        assert told in page.text


def test_a_file_is_read_before_the_text(client, uni):
    page = send(client, "nonsense", ("badge.json", json.dumps(uni.badge()).encode(), "text/plain"))
    assert headline(page) == "Valid"


def test_a_link_is_followed(client, uni):
    uni.web.put("https://morgenau.example/badges/1.json", uni.badge())
    assert headline(send(client, " https://morgenau.example/badges/1.json ")) == "Valid"


def test_content_that_nothing_protects_is_not_shown(client, uni):
    badge = uni.badge()
    badge["credentialSubject"]["achievement"]["name"] = "Doctor of Everything"
    page = send(client, badge)
    assert headline(page) == "Not valid"
    assert "Doctor of Everything" not in page.text.split("The whole report as JSON")[0]
    assert "Its content is not shown" in page.text


def test_the_domain_stands_before_the_name_an_unknown_issuer_gives_itself(client, uni):
    uni.web.register = Register("The alliance", {})
    page = send(client, uni.badge())
    assert headline(page) == "Genuine, with remarks"
    assert "self-declared" in page.text
    about = page.text[page.text.index("Issued by") :]
    assert about.index("morgenau.example") < about.index("University of Morgenau")
    assert 'class="notice verdict valid"' not in page.text


def test_what_cannot_be_reached_is_neither_green_nor_red(client, uni):
    badge = uni.badge()
    del uni.web.found["https://morgenau.example/status/1"]
    page = send(client, badge)
    assert headline(page) == "Could not be checked"
    assert 'class="notice verdict could_not_check"' in page.text


@pytest.mark.parametrize("member", ["title", "learner"])
def test_markup_in_a_genuine_badge_stays_text(client, uni, member):
    page = send(client, uni.badge(**{member: HOSTILE[:-1]}))
    assert headline(page) == "Valid"
    tags = Nodes(page.text).tags
    assert [attrs["src"] for tag, attrs in tags if tag == "script"] == [
        attrs["src"]
        for tag, attrs in tags
        if tag == "script" and attrs["src"].startswith("/static/")
    ]
    assert not [tag for tag, _ in tags if tag in {"img", "iframe", "object", "embed"}]
    assert not [attrs for _, attrs in tags if any(name.startswith("on") for name in attrs)]


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "//evil"],
)
def test_only_web_addresses_become_links(client, uni, address):
    badge = uni.badge()
    del badge["proof"]
    alignment = badge["credentialSubject"]["achievement"]["alignment"]
    for entry in alignment:
        entry["targetUrl"] = address
    page = send(client, uni.sign(badge))
    links = [attrs.get("href", "") for tag, attrs in Nodes(page.text).tags if tag == "a"]
    assert all(link.startswith(("/", "https://", "http://", "#", "?")) for link in links)


def test_links_to_elsewhere_tell_nothing_and_vouch_for_nothing(client, uni):
    page = send(client, uni.badge())
    outside = [a for tag, a in Nodes(page.text).tags if tag == "a" and "://" in a.get("href", "")]
    assert outside
    assert all({"noopener", "nofollow"} <= set(a["rel"].split()) for a in outside)


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("", 422, "choose a file"),
        ("https://nowhere.example/x", 422, "could not be had"),
        ("http://169.254.169.254/latest", 422, "could not be had"),
    ],
)
def test_what_went_wrong_is_told_above_the_form(client, text, status, told):
    page = send(client, text)
    assert page.status_code == status
    assert told in page.text
    assert 'role="alert"' in page.text
    assert "<textarea" in page.text


def test_what_is_no_credential_is_not_valid(client):
    assert headline(send(client, "hello")) == "Not valid"


def test_a_form_from_another_site_is_refused(client):
    foreign = PAGE | {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/verify", data={"text": "x"}, headers=foreign).status_code == 403


def test_an_answer_is_kept_by_nobody(client, uni):
    page = send(client, uni.badge())
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]


def test_the_record_names_the_input_by_its_fingerprint(client, uni):
    from hashlib import sha256

    text = json.dumps(uni.badge())
    assert sha256(text.encode()).hexdigest() in send(client, text).text
