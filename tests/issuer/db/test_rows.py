from datetime import UTC, datetime
from enum import StrEnum

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError, StatementError

from issuer.db.rows import COPY_FROM, change_many, insert_many
from issuer.db.session import unit_of_work
from issuer.db.tables import audit_line, instance_secret

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red\tand\nblue"


def secrets(count, start=0):
    return [
        {"name": f"n{n}", "value": bytes([n % 256, 9, 10, 92, 0]), "created_at": NOW}
        for n in range(start, start + count)
    ]


@pytest.mark.parametrize("count", [0, 1, COPY_FROM - 1, COPY_FROM, 3 * COPY_FROM])
def test_rows_come_out_as_they_went_in(engine, count):
    rows = secrets(count)
    with unit_of_work(engine) as connection:
        insert_many(connection, instance_secret, rows)
        query = select(instance_secret).order_by(instance_secret.c.value, instance_secret.c.name)
        found = [dict(row) for row in connection.execute(query).mappings()]
    assert found == sorted(rows, key=lambda row: (row["value"], row["name"]))


def test_the_order_in_which_a_row_names_its_columns_does_not_matter(engine):
    rows = secrets(2 * COPY_FROM)
    turned = [{name: row[name] for name in ("created_at", "value", "name")} for row in rows]
    with unit_of_work(engine) as connection:
        insert_many(connection, instance_secret, [turned[0], *rows[1:COPY_FROM]])
        insert_many(connection, instance_secret, turned[COPY_FROM:])
        found = connection.execute(select(instance_secret)).mappings().all()
    assert sorted(found, key=lambda row: row["name"]) == sorted(rows, key=lambda row: row["name"])


def test_names_of_closed_sets_keep_their_words(engine):
    rows = [{"name": f"{n}", "value": b"", "created_at": NOW} for n in range(COPY_FROM)]
    rows[0]["name"] = Colour.RED
    with unit_of_work(engine) as connection:
        insert_many(connection, instance_secret, rows)
        names = set(connection.scalars(select(instance_secret.c.name)))
    assert "red\tand\nblue" in names


def keep(engine, *lots, table=instance_secret):
    with unit_of_work(engine) as connection:
        for rows in lots:
            insert_many(connection, table, rows)


@pytest.mark.parametrize("count", [2, COPY_FROM])
def test_a_key_that_is_taken_is_refused_and_nothing_is_kept(engine, count):
    with pytest.raises(IntegrityError):
        keep(engine, secrets(count), secrets(count, start=count - 1))
    with unit_of_work(engine) as connection:
        assert connection.scalars(select(instance_secret.c.name)).all() == []


def test_rows_and_what_surrounds_them_are_one_transaction(engine):
    lines = [{"seq": n, "line": b"x", "hash": bytes(32)} for n in range(1, COPY_FROM + 1)]
    with pytest.raises(IntegrityError):
        keep(engine, lines, lines[:1], table=audit_line)
    with unit_of_work(engine) as connection:
        assert connection.scalar(select(audit_line.c.seq).limit(1)) is None


RENEW = (
    update(instance_secret)
    .where(instance_secret.c.name == bindparam("of"), instance_secret.c.value != b"fixed")
    .values(value=bindparam("now"), created_at=LATER)
)


@pytest.mark.parametrize("count", [0, 1, COPY_FROM - 1, COPY_FROM, 3 * COPY_FROM])
def test_each_row_is_changed_as_the_change_says(engine, count):
    rows = secrets(count + 2)
    rows[-1]["value"] = b"fixed"
    changes = [{"now": b"new %d" % n, "of": f"n{n}"} for n in range(count)]
    with unit_of_work(engine) as connection:
        insert_many(connection, instance_secret, rows)
        change_many(connection, RENEW, [*changes, {"of": rows[-1]["name"], "now": b"never"}])
        found = {row.name: row for row in connection.execute(select(instance_secret))}
    for n in range(count):
        assert (found[f"n{n}"].value, found[f"n{n}"].created_at) == (b"new %d" % n, LATER)
    kept = [(found[row["name"]].value, found[row["name"]].created_at) for row in rows[-2:]]
    assert kept == [(row["value"], NOW) for row in rows[-2:]]


def test_a_change_that_lacks_a_value_is_refused(engine):
    rows = [{"of": f"{n}", "now": b""} for n in range(COPY_FROM)]
    del rows[-1]["now"]
    with pytest.raises((KeyError, StatementError)), unit_of_work(engine) as connection:
        change_many(connection, RENEW, rows)


def test_a_change_to_what_must_be_unique_is_refused_and_nothing_is_kept(engine):
    rename = (
        update(instance_secret).where(instance_secret.c.name == bindparam("of")).values(name="one")
    )
    keep(engine, secrets(COPY_FROM))
    with pytest.raises(IntegrityError), unit_of_work(engine) as connection:
        change_many(connection, rename, [{"of": f"n{n}"} for n in range(COPY_FROM)])
    with unit_of_work(engine) as connection:
        assert "one" not in connection.scalars(select(instance_secret.c.name)).all()
