import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import func, select

from issuer.awarding.bulk import BulkReport, Upload, award_list, dry_run, error_sheet
from issuer.awarding.person_row import Problem
from issuer.db.session import reading
from issuer.db.tables import award, issuance, status_entry
from issuer.errors import InvalidUpload, MayNotAward, NotFound

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
ENERGY = "energy-positive-neighbourhoods"
DATA = "data-analysis-with-python"


@pytest.fixture
def upload(tmp_path):
    def write(content, achievement=ENERGY, **options):
        path = tmp_path / "list.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Upload(path, achievement, **options)

    return write


def people(count, start=0):
    rows = [f"Given {n},Family,{n}@student.example,2026-06-12" for n in range(start, start + count)]
    return "\n".join(["Given name,Family name,E-mail,Awarded on", *rows])


def told(report):
    return [(p.row, p.column, p.code) for p in report.problems]


def count(instance, table):
    with reading(instance.engine) as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_the_example_list_with_its_mess(instance, achievements):
    """A BOM, semicolons, quotes, accents, two people listed twice, two bad rows."""
    upload = Upload(EXAMPLES / "awards.csv", DATA)
    report = dry_run(instance, upload)
    assert (report.rows, report.good, report.invalid, report.duplicates) == (40, 36, 2, 2)
    assert told(report) == [
        (22, "e-mail", "invalid"),
        (33, "awarded on", "invalid"),
        (40, "", "duplicate"),
        (41, "", "duplicate"),
    ]
    assert report.unused == ("Note",)


def test_a_dry_run_awards_nobody(instance, achievements, upload):
    assert dry_run(instance, upload(people(3))).good == 3
    assert count(instance, award) == 0


def test_the_good_rows_are_awarded_and_issued(instance, achievements, upload):
    report = award_list(instance, upload(people(3) + "\nX,Y,not-an-address,2026-06-12"))
    assert (report.good, report.issued, report.invalid) == (3, 3, 1)
    assert count(instance, award) == count(instance, issuance) == 3


def test_i2_the_same_list_again_awards_nobody_twice(instance, achievements, upload):
    award_list(instance, upload(people(3)))
    again = award_list(instance, upload(people(4)))
    assert (again.issued, again.duplicates) == (1, 3)
    assert count(instance, issuance) == 4


def test_i3_no_place_is_given_twice(instance, achievements, upload):
    award_list(instance, upload(people(5)))
    with reading(instance.engine) as connection:
        places = connection.scalars(select(status_entry.c.index)).all()
    assert len(set(places)) == 5
    assert places != sorted(places) or places != list(range(5))


def test_no_list_no_award(instance, achievements, upload):
    with pytest.raises(InvalidUpload, match="empty"):
        award_list(instance, upload(""))
    assert count(instance, award) == 0


def test_an_unknown_achievement_is_named(instance, achievements, upload):
    with pytest.raises(NotFound, match="basketry"):
        dry_run(instance, upload(people(1), "basketry"))


def test_a_stranger_awards_nobody(instance, achievements, upload):
    with pytest.raises(MayNotAward):
        dry_run(instance, upload(people(1), issuer="alvor"))


@pytest.mark.usefixtures("achievements")
@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("Ann,Ba,ann(at)x.example,2026-06-12,72", "e-mail", "is not an e-mail address"),
        ("Ann,Ba,a@x.example,12/06/2026,72", "awarded on", "is not a date we can be sure of"),
        ("Ann,Ba,a@x.example,2026-02-30,72", "awarded on", "is not a day of the calendar"),
        ("Ann,Ba,a@x.example,2036-02-03,72", "awarded on", "is in the future"),
        ("Ann,Ba,a@x.example,0026-02-03,72", "awarded on", "is long ago"),
        ("Ann,Ba,a@x.example,2026-06-12,very good", "result", "is not a number"),
        ("Ann,Ba,a@x.example,2026-06-12,101", "result", "is not between 0 and 100"),
        ("Ann,Ba,a@x.example,2026-06-12,49", "result", "is below 50: not passed"),
        (",,a@x.example,2026-06-12,72", "given name", "nobody is named"),
        ("=HYPERLINK(1),Ba,a@x.example,2026-06-12,72", "given name", "looks like a formula"),
        ("A\u202enn,Ba,a@x.example,2026-06-12,72", "given name", "invisible"),
        ("A" * 2_001 + ",Ba,a@x.example,2026-06-12,72", "given name", "longer than 2000"),
    ],
)
def test_a_bad_row_is_told_with_column_reason_and_remedy(instance, upload, row, column, reason):
    header = "Given name,Family name,E-mail,Awarded on,Result\n"
    (problem,) = dry_run(instance, upload(header + row, DATA)).problems
    assert (problem.row, problem.column) == (2, column)
    assert reason in problem.reason
    assert problem.fix


@pytest.mark.parametrize("grade", ["Not passed", "Excellent"])
def test_only_grades_that_pass_are_awarded(instance, achievements, upload, grade):
    report = dry_run(instance, upload(f"Name,Result\nAnn,{grade}\nBob,passed"))
    assert (report.good, report.invalid) == (1, 1)


def test_grades_of_a_scale_must_reach_the_required_one(instance, achievements, upload):
    lines = "Name,Result\nAnn,F\nBob,E\nCy,a\nDi,Z"
    report = dry_run(instance, upload(lines, "sustainable-urban-mobility"))
    assert [p.row for p in report.problems] == [2, 5]


def test_every_problem_of_a_row_is_told_at_once(instance, achievements, upload):
    report = dry_run(instance, upload("Name,E-mail,Date\nAnn,x,y"))
    assert (report.invalid, [p.column for p in report.problems]) == (1, ["e-mail", "awarded on"])


def test_the_error_sheet_holds_no_formula():
    report = BulkReport(problems=[Problem(2, "given name", "=1+1", "looks like a formula", "x")])
    (_, row) = csv.reader(io.StringIO(error_sheet(report)))
    assert row[2] == "'=1+1"
