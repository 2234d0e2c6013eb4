import html
import os
import re

import pytest

from issuer.awarding import batches
from issuer.organisations.roles import Role

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

GOOD = "Given name;Family name;E-mail;Awarded on\r\nZoë;Novak;zoe@x.example;2026-06-12\r\n"
BAD = GOOD + "Bo;Berg;bo(at)x.example;2026-06-12\r\n=cmd;Ek;e@x.example;2026-02-30\r\n"


@pytest.fixture
def achievement(achievements):
    return achievements["energy-positive-neighbourhoods"]


@pytest.fixture
def slug(alliance, achievement):
    return next(found.slug for found in alliance if found.id == achievement.organisation_id)


@pytest.fixture
def coordinator(sign_in_as, slug):
    return sign_in_as(Role.COORDINATOR, slug)


def look(browser, slug, content, key="energy-positive-neighbourhoods"):
    file = {"file": ("cohort.csv", content.encode(), "text/csv")}
    return browser.submit(f"/staff/o/{slug}/award", files=file, achievement=key)


def fields(page):
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found if name != "csrf"}


def start(browser, slug, page):
    award = f"/staff/o/{slug}/award"
    answer = browser.submit(award, f"{award}/start", **fields(page))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def work(instance, where):
    number = int(where.rsplit("/", 1)[1])
    for first, last in batches.plan(instance, number):
        batches.do_chunk(instance, number, first, last)


def uploads(instance):
    folder = instance.settings.data / "uploads"
    return list(folder.iterdir()) if folder.is_dir() else []


def test_s6_the_dry_run_names_row_column_value_reason_and_fix(instance, coordinator, slug):
    page = look(coordinator, slug, BAD)
    assert page.status_code == 200
    text = html.unescape(page.text)
    for told in ("bo(at)x.example", "e-mail", "2026-02-30", "Award the 1 ready row"):
        assert told in text
    assert (uploads(instance)[0].stat().st_mode & 0o777) == 0o600


def test_s6_the_good_rows_are_awarded_and_the_list_is_deleted(instance, coordinator, slug):
    where = start(coordinator, slug, look(coordinator, slug, BAD))
    assert uploads(instance) == []
    assert "Refresh" in coordinator.open(where).text
    work(instance, where)
    page = coordinator.open(where).text
    assert ">done<" in page
    assert "3 of 3 rows" in page
    assert batches.progress_of(instance, int(where.rsplit("/", 1)[1])).counts.issued == 1


def test_s6_the_same_list_again_awards_nobody(instance, coordinator, slug):
    work(instance, start(coordinator, slug, look(coordinator, slug, GOOD)))
    page = look(coordinator, slug, GOOD).text
    assert "awarded before" in page
    assert "ready row" not in page


def test_s6_the_error_sheet_has_the_bad_rows_and_no_formulas(instance, coordinator, slug):
    page = look(coordinator, slug, BAD)
    award = f"/staff/o/{slug}/award"
    before = coordinator.submit(award, f"{award}/errors", **fields(page))
    where = start(coordinator, slug, page)
    after = coordinator.open(f"{where}/errors.csv")
    for sheet in (before, after):
        assert sheet.headers["content-disposition"].startswith("attachment")
        text = sheet.content.decode("utf-8-sig")
        assert "bo(at)x.example" in text
        assert "zoe@x.example" not in text
        assert not re.search(r"(^|,)\"?[=+@]", text, re.MULTILINE)


def test_s6_a_stopped_list_awards_no_more(instance, coordinator, slug):
    where = start(coordinator, slug, look(coordinator, slug, GOOD))
    assert coordinator.submit(where, f"{where}/cancel").status_code == 303
    work(instance, where)
    assert ">stopped<" in coordinator.open(where).text
    assert batches.progress_of(instance, int(where.rsplit("/", 1)[1])).counts.issued == 0


@pytest.mark.parametrize("content", ["", "a;b\r\n1;2\r\n", "\0\0\0"])
def test_what_is_no_list_is_told_and_not_kept(instance, coordinator, slug, content):
    answer = look(coordinator, slug, content)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert uploads(instance) == []


def test_no_file_is_told(coordinator, slug):
    path = f"/staff/o/{slug}/award"
    answer = coordinator.submit(path, achievement="energy-positive-neighbourhoods")
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_nobody_else_can_use_an_uploaded_list(coordinator, sign_in_as, slug):
    page = look(coordinator, slug, GOOD)
    other = sign_in_as(Role.COORDINATOR, slug)
    award = f"/staff/o/{slug}/award"
    assert other.submit(award, f"{award}/start", **fields(page)).status_code == 404


def test_another_universitys_achievement_and_list_are_not_there(
    coordinator, sign_in_as, slug, alliance, achievement
):
    where = start(coordinator, slug, look(coordinator, slug, GOOD))
    other = next(o.slug for o in alliance[1:] if o.slug != slug)
    stranger = sign_in_as(Role.COORDINATOR, other)
    assert look(stranger, other, GOOD).status_code == 404
    number = where.rsplit("/", 1)[1]
    assert stranger.open(f"/staff/o/{other}/batches/{number}").status_code == 404
    assert stranger.open(f"/staff/o/{other}/batches/{number}/errors.csv").status_code == 404
    back = stranger.submit("/staff", f"/staff/o/{other}/batches/{number}/cancel")
    assert back.status_code == 404


def test_a_list_nobody_came_back_for_is_deleted(instance, coordinator, slug, clock):
    look(coordinator, slug, GOOD)
    (old,) = uploads(instance)
    long_ago = clock.now.timestamp() - 3_601
    os.utime(old, (long_ago, long_ago))
    look(coordinator, slug, GOOD)
    assert not old.exists()
