import csv
import html
import io
import os
import re
from datetime import UTC, datetime

import pytest
import xlsxwriter

from issuer.awarding import batch_row_store, batches
from issuer.awarding.workbook import convert
from issuer.db.session import reading
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


def look(browser, slug, content, key="energy-positive-neighbourhoods", name="cohort.csv"):
    """Upload a list and return the page it leads to."""
    content = content.encode() if isinstance(content, str) else content
    file = {"file": (name, content, "text/csv")}
    page = browser.submit(f"/staff/o/{slug}/award", files=file, achievement=key)
    if page.status_code != 303:
        return page
    where = page.headers["location"]
    page = browser.open(where)
    page.where = where
    return page


def start(browser, slug, page, **fields):
    answer = browser.submit(page.where, f"{page.where}/start", **fields)
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
    (folder,) = uploads(instance)
    assert (folder.stat().st_mode & 0o777) == 0o700
    assert ((folder / "list").stat().st_mode & 0o777) == 0o600


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


def cells_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_s6_the_error_sheet_is_the_bad_rows_as_they_came_with_the_reason_beside(
    instance, coordinator, slug
):
    page = look(coordinator, slug, BAD)
    before = coordinator.open(f"{page.where}/errors.csv")
    where = start(coordinator, slug, page)
    after = coordinator.open(f"{where}/errors.csv")
    for sheet in (before, after):
        assert sheet.headers["content-disposition"].startswith("attachment")
        head, *rows = cells_of(sheet.content)
        assert head[:5] == ["Given name", "Family name", "E-mail", "Awarded on", "Row in your list"]
        assert [row[:5] for row in rows] == [
            ["Bo", "Berg", "bo(at)x.example", "2026-06-12", "3"],
            ["'=cmd", "Ek", "e@x.example", "2026-02-30", "4"],
        ]
        assert "e-mail: is not an e-mail address" in rows[0][5]
        assert "looks like a formula" in rows[1][5]
        assert "is not a day of the calendar" in rows[1][5]


def test_s6_the_error_sheet_as_a_workbook_can_be_mended_and_sent_again(
    instance, coordinator, slug, tmp_path
):
    page = look(coordinator, slug, BAD)
    where = start(coordinator, slug, page)
    for sheet in (f"{page.where}/errors.xlsx", f"{where}/errors.xlsx")[1:]:
        content = coordinator.open(sheet).content
        (tmp_path / "back.xlsx").write_bytes(content)
        convert(tmp_path / "back.xlsx", tmp_path / "back.csv")
        _, *rows = cells_of((tmp_path / "back.csv").read_bytes())
        assert [row[:5] for row in rows] == [
            ["Bo", "Berg", "bo(at)x.example", "2026-06-12", "3"],
            ["=cmd", "Ek", "e@x.example", "2026-02-30", "4"],
        ]
    again = look(coordinator, slug, content, name="back.xlsx").text
    assert "2 rows read" in again
    assert "bo(at)x.example" in again


def test_s6_a_stopped_list_awards_no_more(instance, coordinator, slug):
    where = start(coordinator, slug, look(coordinator, slug, GOOD))
    assert coordinator.submit(where, f"{where}/cancel").status_code == 303
    work(instance, where)
    assert ">stopped<" in coordinator.open(where).text
    assert batches.progress_of(instance, int(where.rsplit("/", 1)[1])).counts.issued == 0


@pytest.mark.parametrize(
    "content", ["", "\0\0\0", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
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
    assert other.submit(award, f"{page.where}/start").status_code == 404
    assert other.submit(award, f"{page.where}/columns", columns="").status_code == 404
    for path in ("", "/columns", "/errors.csv"):
        assert other.open(page.where + path).status_code == 404


def test_a_list_sent_for_one_organisation_is_not_there_for_another(
    visitor, sign_in_as, slug, alliance
):
    office = sign_in_as(Role.ALLIANCE_ADMIN)
    page = look(office, slug, GOOD)
    other = next(o.slug for o in alliance[1:] if o.slug != slug)
    elsewhere = page.where.replace(f"/o/{slug}/", f"/o/{other}/")
    assert office.open(elsewhere).status_code == 404
    assert office.submit("/staff", f"{elsewhere}/start").status_code == 404


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
    for act in ("approve", "send-back", "resume", "schedule"):
        gone = stranger.submit("/staff", f"/staff/o/{other}/batches/{number}/{act}")
        assert gone.status_code == 404
    back = stranger.submit("/staff", f"/staff/o/{other}/batches/{number}/cancel")
    assert back.status_code == 404


def test_a_list_nobody_came_back_for_is_deleted(instance, coordinator, slug, clock):
    look(coordinator, slug, GOOD)
    (old,) = uploads(instance)
    long_ago = clock.now.timestamp() - 3_601
    os.utime(old, (long_ago, long_ago))
    look(coordinator, slug, GOOD)
    assert not old.exists()


NAMED = "Who;Where to;When\r\nZoë Novak;zoe@x.example;2026-06-12\r\n"


def test_s6_columns_nobody_knows_are_asked_once_and_remembered(instance, coordinator, slug):
    page = look(coordinator, slug, NAMED)
    assert "What the columns mean" in page.text
    said = ["full name", "e-mail", "awarded on"]
    back = coordinator.submit(page.where, f"{page.where}/columns", columns=said)
    assert back.headers["location"] == page.where
    assert "Award the 1 ready row" in coordinator.open(page.where).text
    again = look(coordinator, slug, NAMED.replace("Zoë", "Ada"))
    assert "Award the 1 ready row" in again.text


def test_s6_another_organisation_is_asked_itself(coordinator, sign_in_as, slug, alliance):
    page = look(coordinator, slug, NAMED)
    said = ["full name", "e-mail", "awarded on"]
    coordinator.submit(page.where, f"{page.where}/columns", columns=said)
    other = next(o.slug for o in alliance[1:] if o.slug != slug)
    office = sign_in_as(Role.ALLIANCE_ADMIN)
    page = office.open(f"/staff/o/{other}/award").text
    wanted = re.search(r'<option value="([a-z0-9-]+)"', page)[1]
    assert "What the columns mean" in look(office, other, NAMED, key=wanted).text


@pytest.mark.parametrize(
    "said",
    [["", "", ""], ["full name", "full name", ""], ["full name"], ["e-mail", "", "awarded on"]],
)
def test_columns_that_name_nobody_or_mean_the_same_are_refused(coordinator, slug, said):
    page = look(coordinator, slug, NAMED)
    answer = coordinator.submit(page.where, f"{page.where}/columns", columns=said)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_s6_the_columns_of_a_list_before_are_used_again(coordinator, slug):
    page = look(coordinator, slug, NAMED)
    said = ["full name", "", "awarded on"]
    coordinator.submit(page.where, f"{page.where}/columns", columns=said)
    number = start(coordinator, slug, coordinator_page(coordinator, page)).rsplit("/", 1)[1]
    assert f"again={number}" in coordinator.open(f"/staff/o/{slug}/batches").text
    other = "When;Who;Note\r\n2026-06-12;Ida Ek;x\r\n"
    file = {"file": ("next.csv", other.encode(), "text/csv")}
    sent = coordinator.submit(
        f"/staff/o/{slug}/award",
        files=file,
        achievement="energy-positive-neighbourhoods",
        again=number,
    )
    assert "Award the 1 ready row" in coordinator.open(sent.headers["location"]).text


def coordinator_page(browser, page):
    found = browser.open(page.where)
    found.where = page.where
    return found


def test_s6_sending_the_form_twice_is_one_list(coordinator, slug):
    page = look(coordinator, slug, GOOD)
    assert (
        start(coordinator, slug, page)
        == coordinator.submit("/staff", f"{page.where}/start").headers["location"]
    )


def test_s6_a_workbook_keeps_leading_zeros_dates_and_values_of_formulas(
    instance, coordinator, slug
):
    page = look(coordinator, slug, workbook(), name="cohort.xlsx")
    assert "Award the 2 ready rows" in page.text
    assert "Others" in page.text
    where = start(coordinator, slug, page)
    with reading(instance.engine) as connection:
        people = batch_row_store.people(connection, int(where.rsplit("/", 1)[1]), 0, 10)
    told = [
        (p.decision.learner.name, p.decision.learner.identifiers, str(p.decision.awarded_on))
        for p in people
    ]
    assert told == [
        ("Zoë Novak", {"sourcedId": "0012345"}, "2026-06-12"),
        ("Bo Berg", {"sourcedId": "00077"}, "2026-06-13"),
    ]


def workbook():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("People")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    padded = book.add_format({"num_format": "0000000"})
    sheet.write_row(0, 0, ["Given name", "Family name", "Student number", "Awarded on"])
    sheet.write_row(1, 0, ["Zoë", "Novak"])
    sheet.write_number(1, 2, 12345, padded)
    sheet.write_datetime(1, 3, datetime(2026, 6, 12, tzinfo=UTC).replace(tzinfo=None), day)
    sheet.write_formula(2, 0, '="B"&"o"', value="Bo")
    sheet.write_row(2, 1, ["Berg", "00077", "2026-06-13"])
    book.add_worksheet("Others").write_row(0, 0, ["Naam"])
    book.close()
    return file.getvalue()


def test_s6_another_sheet_of_the_workbook_can_be_chosen(coordinator, slug):
    page = look(coordinator, slug, workbook(), name="cohort.xlsx")
    coordinator.submit(page.where, f"{page.where}/sheet", sheet="Others")
    assert "0 rows read" in coordinator.open(page.where).text
    gone = coordinator.submit(page.where, f"{page.where}/sheet", sheet="No such")
    assert gone.status_code == 404


def test_s6_the_empty_sheet_is_a_list_of_nobody(coordinator, slug):
    path = f"/staff/o/{slug}/award/template.xlsx?achievement=energy-positive-neighbourhoods"
    empty = coordinator.open(path)
    assert empty.headers["content-type"].endswith("spreadsheetml.sheet")
    assert "0 rows read" in look(coordinator, slug, empty.content, name="t.xlsx").text


def test_s6_many_rows_to_mend_are_told_a_page_at_a_time(coordinator, slug):
    rows = "".join(f"P{n};X;no;2026-06-12\r\n" for n in range(150))
    page = look(coordinator, slug, GOOD + rows)
    assert "page 1 of 2" in page.text
    assert ">102<" in page.text
    assert ">103<" not in page.text
    assert ">152<" in coordinator.open(f"{page.where}?page=2").text


def test_a_list_for_later_begins_then_and_its_time_can_be_changed(instance, coordinator, slug):
    page = look(coordinator, slug, GOOD)
    where = start(coordinator, slug, page, at_time="2026-12-01T06:00", zone="Europe/Berlin")
    assert "1 December 2026, 05:00 UTC" in coordinator.open(where).text.replace("\u202f", " ")
    late = coordinator.submit(where, f"{where}/schedule", at_time="2020-01-01T06:00", zone="UTC")
    assert late.status_code == 422
    assert coordinator.submit(where, f"{where}/schedule").status_code == 303
    assert batches.progress_of(instance, int(where.rsplit("/", 1)[1])).stage == "running"


@pytest.mark.parametrize(
    ("at_time", "zone"), [("soon", "UTC"), ("2020-01-01T00:00", "UTC"), ("2027-01-01T00:00", "x")]
)
def test_a_time_that_is_none_is_told_and_nothing_is_sent(
    instance, coordinator, slug, at_time, zone
):
    page = look(coordinator, slug, GOOD)
    answer = coordinator.submit(page.where, f"{page.where}/start", at_time=at_time, zone=zone)
    assert answer.status_code == 422
    assert uploads(instance)


def test_a_file_larger_than_a_list_is_refused(instance, coordinator, slug):
    content = GOOD.encode() + b"x" * uploads_limit()
    answer = look(coordinator, slug, content)
    assert answer.status_code == 422
    assert "larger than 15 MB" in answer.text
    assert uploads(instance) == []


def uploads_limit():
    return 15 * 2**20


def test_s6_the_page_reloads_itself_without_javascript_until_it_is_told_to_hold_still(
    coordinator, slug
):
    where = start(coordinator, slug, look(coordinator, slug, GOOD))
    assert '<meta http-equiv="refresh"' in coordinator.open(where).text
    assert '<meta http-equiv="refresh"' not in coordinator.open(f"{where}?still=true").text


def test_s6_a_stopped_list_goes_on_when_it_is_wanted_again(instance, coordinator, slug):
    where = start(coordinator, slug, look(coordinator, slug, GOOD))
    coordinator.submit(where, f"{where}/cancel")
    coordinator.submit(where, f"{where}/resume")
    work(instance, where)
    assert ">done<" in coordinator.open(where).text


def test_s6_the_page_tells_how_long_the_rest_will_take(instance, coordinator, slug, clock):
    rows = "".join(f"P{n};X;p{n}@x.example;2026-06-12\r\n" for n in range(5))
    where = start(coordinator, slug, look(coordinator, slug, GOOD + rows))
    batches.do_chunk(instance, int(where.rsplit("/", 1)[1]), 2, 3)
    clock.forward(minutes=2)
    page = coordinator.open(where)
    assert "2 of 6 rows</p>" not in page.text
    assert "about 4 minutes left" in page.text
