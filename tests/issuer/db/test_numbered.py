import pytest
from sqlalchemy import bindparam, insert, select, update

from issuer.db.numbered import numbered
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import counter

NAMES = numbered(
    counter.c.last, lambda these: select(counter.c.name).where(these).order_by(counter.c.name)
)
RAISE = numbered(
    counter.c.last,
    lambda these: (
        update(counter).where(these).values(last=bindparam("other")).returning(counter.c.name)
    ),
)


@pytest.fixture
def counted(engine):
    with unit_of_work(engine) as connection:
        rows = [{"name": f"n{number}", "last": number} for number in (101, 102, 103)]
        connection.execute(insert(counter), rows)
    return engine


WANTED = [[], [102], [101, 103], [101, 102, 103], [102, 103, 104], [103, 102], [104], [101, 104]]


@pytest.mark.parametrize("numbers", WANTED)
def test_every_form_find_what_is_there(counted, numbers):
    with reading(counted) as connection:
        found = list(connection.scalars(*NAMES.of(numbers)))
    assert found == [f"n{number}" for number in sorted(numbers) if number < 104]


@pytest.mark.parametrize("numbers", [[102], [102, 103], [101, 103]])
def test_other_values_go_with_the_numbers(counted, numbers):
    with unit_of_work(counted) as connection:
        changed = sorted(connection.scalars(*RAISE.of(numbers, other=200)))
    with reading(counted) as connection:
        raised = list(connection.scalars(*NAMES.of([200])))
    assert changed == raised == [f"n{number}" for number in numbers]


def test_one_number_and_a_run_are_asked_for_without_a_list():
    (one, number), (run, ends) = NAMES.of([7]), NAMES.of([7, 8, 9])
    assert number == {"number": 7}
    assert ends == {"first": 7, "last": 9}
    assert " IN " not in str(one) + str(run)


@pytest.mark.parametrize("numbers", [[7, 9], [8, 7], [7, 7], [7, 7, 9]])
def test_what_is_no_run_is_a_list(numbers):
    statement, values = NAMES.of(numbers)
    assert values == {"numbers": numbers}
    assert " IN " in str(statement)
