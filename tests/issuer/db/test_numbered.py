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


@pytest.mark.parametrize("numbers", [[], [102], [101, 103], [101, 102, 103], [104], [101, 104]])
def test_both_forms_find_what_is_there(counted, numbers):
    with reading(counted) as connection:
        found = list(connection.scalars(*NAMES.of(numbers)))
    assert found == [f"n{number}" for number in numbers if number < 104]


@pytest.mark.parametrize("numbers", [[102], [101, 103]])
def test_other_values_go_with_the_numbers(counted, numbers):
    with unit_of_work(counted) as connection:
        changed = sorted(connection.scalars(*RAISE.of(numbers, other=200)))
    with reading(counted) as connection:
        raised = list(connection.scalars(*NAMES.of([200])))
    assert changed == raised == [f"n{number}" for number in numbers]


def test_one_number_is_asked_for_without_a_list():
    (one, values), (many, _) = NAMES.of([7]), NAMES.of([7, 8])
    assert values == {"number": 7}
    assert " IN " not in str(one)
    assert " IN " in str(many)
