"""Batches without an engine: what their rows say, and what doing a chunk twice does."""

import pytest
from sqlalchemy import func, select

from issuer.awarding import batch_row_store, batches
from issuer.awarding.bulk import Upload
from issuer.awarding.issuing import resume
from issuer.db.job_tables import batch_row
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import award, issuance
from issuer.errors import InvalidUpload, NotFound

ENERGY = "energy-positive-neighbourhoods"
HEAD = "Given name,Family name,E-mail,Awarded on"


def people(count, start=0):
    rows = [f"Given {n},Family,{n}@student.example,2026-06-12" for n in range(start, start + count)]
    return "\n".join([HEAD, *rows])


@pytest.fixture
def submit(instance, achievements, tmp_path):
    def keep(content):
        path = tmp_path / "list.csv"
        path.write_text(content)
        return batches.submit(instance, Upload(path, ENERGY))

    return keep


def rows(instance, number):
    query = select(batch_row.c.number, batch_row.c.state, batch_row.c.content)
    with reading(instance.engine) as connection:
        found = connection.execute(query.where(batch_row.c.batch_id == number))
        return {row.number: (row.state, row.content is not None) for row in found}


def count(instance, table):
    with reading(instance.engine) as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_the_whole_list_is_kept_before_anyone_is_awarded(instance, submit):
    number = submit(people(2) + "\nX,Y,nobody,2026-06-12\n" + people(1).splitlines()[1])
    assert rows(instance, number) == {
        2: ("waiting", True),
        3: ("waiting", True),
        4: ("invalid", False),
        5: ("duplicate", False),
    }
    assert count(instance, award) == 0


def test_doing_a_chunk_twice_changes_nothing(instance, submit):
    number = submit(people(3))
    for _ in range(2):
        batches.do_chunk(instance, number, 2, 4)
    assert count(instance, award) == count(instance, issuance) == 3
    assert batches.progress_of(instance, number).stage == "done"


def test_personal_data_leaves_the_batch_with_the_award(instance, submit):
    number = submit(people(2))
    batches.do_chunk(instance, number, 2, 3)
    assert rows(instance, number) == {2: ("awarded", False), 3: ("awarded", False)}


def test_who_has_it_already_is_a_duplicate(instance, submit):
    batches.do_chunk(instance, submit(people(2)), 2, 3)
    again = submit(people(3))
    batches.do_chunk(instance, again, 2, 4)
    counts = batches.progress_of(instance, again).counts
    assert (counts.duplicate, counts.issued) == (2, 1)


def test_chunks_cover_what_is_left_and_nothing_else(instance, submit):
    number = submit(people(5))
    with reading(instance.engine) as connection:
        assert batch_row_store.chunks_left(connection, number, 2) == [(2, 3), (4, 5), (6, 6)]
    batches.do_chunk(instance, number, 2, 3)
    with reading(instance.engine) as connection:
        assert batch_row_store.chunks_left(connection, number, 2) == [(4, 5), (6, 6)]


def test_a_chunk_stopped_between_award_and_signature_is_left_to_do(instance, submit, monkeypatch):
    number = submit(people(2))
    monkeypatch.setattr(batches, "issue_batch", lambda *_: None)  # the process dies here
    batches.do_chunk(instance, number, 2, 3)
    monkeypatch.undo()
    assert batches.plan(instance, number) == [(2, 3)]
    batches.do_chunk(instance, number, 2, 3)
    assert batches.progress_of(instance, number).counts.issued == 2


def test_housekeeping_leaves_to_workers_what_workers_have(instance, submit, monkeypatch):
    number = submit(people(2))
    monkeypatch.setattr(batches, "issue_batch", lambda *_: None)  # the process dies here
    batches.do_chunk(instance, number, 2, 3)
    assert resume(instance) == 0
    batches.cancel(instance, number, "cli")
    assert resume(instance) == 2


def test_a_cancelled_batch_awards_nobody_more(instance, submit):
    number = submit(people(4))
    batches.do_chunk(instance, number, 2, 3)
    batches.cancel(instance, number, "cli")
    batches.do_chunk(instance, number, 4, 5)
    assert count(instance, award) == 2
    assert batches.plan(instance, number) == []
    assert batches.progress_of(instance, number).stage == "cancelled"


def test_what_is_to_be_mended_is_told_row_by_row(instance, submit):
    number = submit(people(1) + "\nX,Y,nobody,2026-02-30")
    told = [(p.row, p.column) for p in batches.problems_of(instance, number)]
    assert told == [(3, "e-mail"), (3, "awarded on")]


def test_a_list_without_good_rows_is_done_at_once(instance, submit):
    number = submit(HEAD + "\nX,Y,nobody,2026-06-12")
    assert batches.plan(instance, number) == []
    assert batches.progress_of(instance, number).stage == "done"


def test_reports_are_erased_and_awards_stay(instance, submit, clock):
    number = submit(people(1) + "\nX,Y,nobody,2026-06-12")
    batches.do_chunk(instance, number, 2, 2)
    clock.forward(days=1)
    with unit_of_work(instance.engine) as connection:
        assert batch_row_store.erase_before(connection, clock.now) == 2
    assert count(instance, award) == 1


@pytest.mark.parametrize("verb", [batches.cancel, batches.resume])
def test_refuses_a_batch_that_is_not_there(instance, achievements, verb):
    with pytest.raises(NotFound):
        verb(instance, 4711, "cli")


def test_refuses_to_tell_of_a_batch_that_is_not_there(instance, achievements):
    with pytest.raises(NotFound):
        batches.progress_of(instance, 4711)


def test_what_is_no_list_is_refused(instance, submit):
    with pytest.raises(InvalidUpload):
        submit("")
