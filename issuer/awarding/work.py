"""What workers do for awarding: start batches, award their chunks, erase old reports."""

from datetime import timedelta
from functools import partial

from issuer.awarding import batch_row_store, batches
from issuer.awarding import batch_store as store
from issuer.db.session import reading, unit_of_work
from issuer.instance import Instance
from issuer.jobs.engine import Engine, Fan, Queue, Tick
from issuer.jobs.worker import Work

__all__ = ["AWARD", "start_waiting", "work_of"]

AWARD = "award"
"""Name of the fan and of its queue."""

AUTOMATIC_RUNS = 10
"""Times a batch that stands still is started anew before somebody has to look (`batch resume`)."""

ROWS_KEPT = timedelta(days=90)
"""How long the report of a finished batch can be had."""


def work_of(instance: Instance, hands: int = 2) -> Work:
    """Return what a worker with so many hands does."""
    return Work(
        queues=(Queue(AWARD, of_worker=hands, poll=0.1), Queue("publish", of_all=1), Queue("mail")),
        fans=(
            Fan(
                AWARD,
                AWARD,
                plan=partial(batches.plan, instance),
                do=partial(batches.do_chunk, instance),
            ),
        ),
        ticks=(Tick("batches.erase", "0 41 3 * * *", partial(_erase, instance)),),
        waiting=partial(start_waiting, instance),
    )


def start_waiting(instance: Instance, engine: Engine) -> None:
    """Give the engine the batches it has not got, and those it has lost."""
    with reading(instance.engine) as connection:
        jobs = store.unfinished(connection)
    for job in jobs:
        if job.starts_at and job.starts_at > instance.now():
            continue
        if job.handed_run < job.run:
            engine.start(AWARD, job.batch_id, job.run)
            with unit_of_work(instance.engine) as connection:
                store.hand_over(connection, job.batch_id, job.run)
        elif job.run <= AUTOMATIC_RUNS and not engine.is_busy(AWARD, job.batch_id):
            with unit_of_work(instance.engine) as connection:
                store.another_run(connection, job.batch_id, job.run)


def _erase(instance: Instance) -> None:
    with unit_of_work(instance.engine) as connection:
        batch_row_store.erase_before(connection, instance.now() - ROWS_KEPT)
