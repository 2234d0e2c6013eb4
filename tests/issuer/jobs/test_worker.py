from datetime import timedelta

import pytest
from dbos import DBOS
from sqlalchemy import func, select, update

from issuer.awarding import batches
from issuer.awarding.batches import progress_of
from issuer.db.session import reading
from issuer.db.tables import award, issuance
from issuer.errors import NoWorkerName
from issuer.jobs import engine as jobs
from issuer.jobs.worker import bury, slots_of
from tests.issuer.jobs.conftest import people, until


def count(instance, table):
    with reading(instance.engine) as connection:
        return connection.scalar(select(func.count()).select_from(table))


def stage(instance, number):
    return progress_of(instance, number).stage


def test_a_batch_is_awarded_by_a_worker(instance, submit, worker):
    number = submit(people(5) + "\nX,Y,not-an-address,2026-06-12")
    assert stage(instance, number) == "running"
    worker("one")
    until(lambda: stage(instance, number) == "done")
    counts = progress_of(instance, number).counts
    assert (counts.awarded, counts.issued, counts.invalid, counts.waiting) == (5, 5, 1, 0)


def test_a_batch_submitted_while_the_worker_runs_is_taken(instance, submit, worker):
    worker()
    number = submit(people(2))
    until(lambda: stage(instance, number) == "done")
    assert count(instance, issuance) == 2


def test_a_batch_waits_for_its_time(instance, submit, worker, clock):
    number = submit(people(1), clock.now + timedelta(hours=1))
    running = worker()
    running.waiting(running.engine)
    assert stage(instance, number) == "scheduled"
    assert not running.engine.is_busy("award", number)
    clock.forward(hours=2)
    until(lambda: stage(instance, number) == "done")


def test_a_cancelled_batch_is_left_alone_until_it_is_resumed(instance, submit, worker):
    number = submit(people(3))
    batches.cancel(instance, number, "cli")
    running = worker()
    running.waiting(running.engine)
    assert (stage(instance, number), count(instance, award)) == ("cancelled", 0)
    batches.resume(instance, number, "cli")
    until(lambda: stage(instance, number) == "done")
    assert count(instance, award) == 3


def test_starting_a_run_twice_awards_nobody_twice(instance, submit, worker):
    number = submit(people(3))
    running = worker()
    for _ in range(3):
        running.engine.start("award", number, 1)
    until(lambda: stage(instance, number) == "done")
    assert count(instance, award) == 3


def test_a_batch_the_engine_lost_is_started_again(instance, submit, worker):
    number = submit(people(2))
    with instance.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE batch_job SET handed_run = 1")
    worker()
    until(lambda: stage(instance, number) == "done")
    assert count(instance, issuance) == 2


def test_a_name_is_refused_to_a_second_worker(instance, achievements, worker):
    worker("one")
    with pytest.raises(NoWorkerName, match="alive"):
        worker("one")


def test_the_shape_of_work_is_pinned(instance, achievements, worker):
    worker("one")
    assert (DBOS.application_version, DBOS.executor_id) == (jobs.VERSION, "one")


def test_finished_jobs_are_forgotten_and_the_rows_stay(instance, submit, worker, clock):
    number = submit(people(1))
    running = worker()
    until(lambda: stage(instance, number) == "done")
    until(lambda: not running.engine.is_busy("award", number))
    assert jobs.forget(clock.now - timedelta(days=7)) == 0
    assert jobs.forget(clock.now + timedelta(days=3650)) == 2
    assert progress_of(instance, number).counts.issued == 1


def test_the_job_tables_hold_no_person(instance, submit, worker):
    number = submit(people(1))
    worker()
    until(lambda: stage(instance, number) == "done")
    kept = str([(w.input, w.output, w.error) for w in DBOS.list_workflows()])
    assert "student.example" not in kept
    assert "Given" not in kept


def test_the_work_of_the_dead_goes_back_to_the_queue(instance, submit, worker):
    """A worker that died left its chunk behind: another sees that its name is free."""
    running = worker("living")
    number = submit(people(2))
    until(lambda: stage(instance, number) == "done")
    until(lambda: not running.engine.is_busy("award", number))
    running.rest()  # the test looks itself who died
    system = DBOS(config={"name": "learnseal"})._sys_db
    workflows = system.tables.workflow_status
    died = update(workflows).where(workflows.c.name == "award")
    with system.engine.begin() as connection:
        connection.execute(died.values(status="PENDING", executor_id="dead"))
    slots = slots_of(instance)
    alive = slots.take("dead")
    assert bury(running.engine, slots, "living") == []
    alive.free()
    assert bury(running.engine, slots, "living") == ["dead"]
    until(lambda: not running.engine.is_busy("award", number))
    assert count(instance, award) == 2
