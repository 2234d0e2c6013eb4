"""S11: numbers by member, achievement, area, field, skill, month; no small group shows through."""

import csv
import io
import itertools
from datetime import date

import pytest
from sqlalchemy import select

from badges.award import Learner
from issuer.admin.csv_sheet import write_csv
from issuer.admin.statistics import FEWEST, Fact, tabulate
from issuer.app.counted import Tally
from issuer.awarding.model import Decision, Order
from issuer.awarding.recording import Recording, record
from issuer.db import session
from issuer.db.after_tables import verification_count
from issuer.db.tables import claim, issuance
from issuer.organisations.roles import Role

ENERGY, DATA = "energy-positive-neighbourhoods", "data-analysis-with-python"
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def facts(**cells):
    return [
        Fact(f"{name}{number}".encode(), True, (name,))
        for name, count in cells.items()
        for number in range(count)
    ]


def shown(table):
    return {cell.name: cell.awards for cell in table.cells}


def test_s11_a_cell_with_fewer_than_five_people_has_no_number():
    table = tabulate(facts(small=4, five=5), [(("small",), 40), (("five",), 41)])
    assert shown(table) == {"five": 5, "small": None}
    small = next(cell for cell in table.cells if cell.name == "small")
    assert (small.awards, small.claims, small.checks) == (None, None, None)
    assert next(c for c in table.cells if c.name == "five").checks == 40


def test_s11_many_awards_of_few_people_are_few_people():
    one = [Fact(b"same", True, ("x",)) for _ in range(50)]
    assert shown(tabulate(one, [])) == {"x": None}


def test_s11_erased_learners_are_nobody():
    assert shown(tabulate([Fact(b"", True, ("x",))] * 50, [])) == {"x": None}


def test_s11_a_total_does_not_tell_what_a_hidden_cell_holds():
    """Collect, for each picture a reader may see, every hidden value that leads to it."""
    seen = {}
    for first, second, hidden in itertools.product(range(5, 15), range(5, 15), range(1, FEWEST)):
        table = tabulate(facts(a=first, b=second, hidden=hidden), [])
        assert shown(table)["hidden"] is None
        picture = (shown(table)["a"], shown(table)["b"], table.total.awards)
        seen.setdefault(picture, set()).add(hidden)
    assert all(len(values) > 1 for values in seen.values()), seen


def test_s11_a_claim_by_few_people_has_no_number():
    some = [Fact(b"%d" % n, n < 3, ("x",)) for n in range(20)]
    (cell,) = tabulate(some, []).cells
    assert (cell.awards, cell.claims) == (20, None)


@pytest.fixture
def people(instance, alliance, achievements):
    """A maker of awards that are published, without the cost of signing."""

    def make(key, count, day=date(2026, 6, 12)):
        version = achievements[key]
        owner = next(found for found in alliance if found.id == version.organisation_id)
        decisions = [
            Decision(Learner(given_name="P", email=f"{key}{n}@x.example"), day)
            for n in range(count)
        ]
        recording = Recording(version, owner, Order(purposes=()), "cli")
        with session.unit_of_work(instance.engine) as connection:
            numbers = record(instance, connection, recording, decisions)
            connection.execute(issuance.update().values(state="published"))
            query = select(issuance.c.award_id).where(issuance.c.id.in_(numbers))
            return list(connection.scalars(query))

    return make


@pytest.fixture
def office(sign_in_as):
    return sign_in_as(Role.ALLIANCE_ADMIN)


def sheet(browser, slug, query=""):
    text = browser.get(f"/staff/o/{slug}/statistics.csv{query}").content.decode("utf-8-sig")
    return {(row[0], row[1]): tuple(row[2:]) for row in csv.reader(io.StringIO(text))}


@sqlite
def test_s11_the_alliance_sees_its_members_and_a_member_itself(
    alliance, achievements, people, office
):
    people(ENERGY, 12)
    people(DATA, 3)
    top = sheet(office, alliance[0].slug)
    owner = next(o for o in alliance if o.id == achievements[ENERGY].organisation_id)
    assert top["member", owner.particulars.legal_name] == ("10", "", "")
    assert top["month", "2026-06"][0] == "15"
    assert top["skill", "energy efficiency"][0] == "10"
    assert top["field", "0713 Electricity and energy"][0] == "10"
    assert top["area", "07 Engineering, manufacturing and construction"][0] == "10"
    mine = sheet(office, owner.slug)
    assert mine["achievement", "all"][0] == "10"


@sqlite
def test_s11_a_chart_has_a_table_beside_it_and_small_groups_no_number(alliance, people, office):
    people(DATA, 3)
    people(ENERGY, 7)
    page = office.open(f"/staff/o/{alliance[0].slug}/statistics").text
    assert page.count('<svg class="chart" role="img"') == page.count("<table>") == 6
    assert "fewer than 5" in page
    assert "style=" not in page


@sqlite
def test_s11_a_year_can_be_chosen(alliance, people, office):
    people(ENERGY, 7)
    people(DATA, 6, date(2025, 3, 1))
    assert sheet(office, alliance[0].slug, "?year=2025")["month", "all"][0] == "5"
    assert ("month", "2026-06") not in sheet(office, alliance[0].slug, "?year=2025")
    assert office.get(f"/staff/o/{alliance[0].slug}/statistics?year=x").status_code == 422


@sqlite
def test_s11_taken_awards_are_counted(instance, alliance, people, office):
    numbers = people(ENERGY, 7)
    now = instance.now()
    rows = [
        {
            "award_id": n,
            "code_hash": b"%d" % n,
            "created_at": now,
            "expires_at": now,
            "kept_at": now,
        }
        for n in numbers
    ]
    with session.unit_of_work(instance.engine) as connection:
        connection.execute(claim.insert(), rows)
    assert sheet(office, alliance[0].slug)["member", "all"] == ("5", "5", "")


def report(credential_id, outcome="passed"):
    return {
        "credential": {"id": credential_id},
        "findings": [{"check": "proof", "outcome": outcome}],
    }


def test_s11_checks_are_counted_by_achievement_and_month_only(instance, people, achievements):
    people(ENERGY, 2)
    with session.reading(instance.engine) as connection:
        first, second = connection.scalars(select(issuance.c.credential_id)).all()
    tally = Tally()
    for name in (first, first, second, "urn:uuid:elsewhere", None, ["x"]):
        tally.add(report(name))
    tally.add(report(first, "failed"))
    with session.reading(instance.engine) as connection:
        assert connection.execute(select(verification_count)).all() == []
    assert tally.flush(instance) == 3
    tally.add(report(second))
    assert (tally.flush(instance), tally.flush(instance)) == (1, 0)
    with session.reading(instance.engine) as connection:
        rows = connection.execute(select(verification_count)).all()
    assert [tuple(row) for row in rows] == [(achievements[ENERGY].id, "2026-11", 4)]


@pytest.mark.parametrize("cell", ["=cmd()", "+1", "-1", "@x", "\tx", "\rx"])
def test_s11_no_cell_of_the_sheet_is_a_formula(cell):
    assert next(csv.reader(io.StringIO(write_csv([[cell]]), newline="")))[0] == f"'{cell}"


@sqlite
def test_s11_without_awards_the_page_says_so(alliance, office):
    assert "Nothing to count yet" in office.open(f"/staff/o/{alliance[0].slug}/statistics").text
