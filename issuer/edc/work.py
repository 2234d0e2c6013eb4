"""What workers do for Europass: seal the awards of batches."""

from functools import partial

from issuer.db.session import reading, unit_of_work
from issuer.edc import batches
from issuer.edc import job_store as store
from issuer.instance import Instance
from issuer.jobs.engine import Engine, Fan, Queue, Tick
from issuer.jobs.worker import Work

__all__ = ["SEAL", "start_waiting", "work_of"]

SEAL = "edc"
"""Name of the fan and of its queue."""

QUICK_RUNS = 10
"""Times a batch that stands still is started anew at once; after that, every hour."""


def work_of(instance: Instance, hands: int = 2) -> Work:
    """Return what a worker with so many hands does."""
    return Work(
        queues=(Queue(SEAL, of_worker=hands),),
        fans=(
            Fan(
                SEAL,
                SEAL,
                plan=partial(batches.plan, instance),
                do=partial(batches.do_chunk, instance),
            ),
        ),
        ticks=(Tick("edc.again", "0 29 * * * *", partial(_again, instance)),),
        waiting=partial(start_waiting, instance),
    )


def start_waiting(instance: Instance, engine: Engine) -> None:
    """Give the engine the batches it has not got, and those it has lost."""
    with reading(instance.engine) as connection:
        jobs = store.unfinished(connection)
    for job in jobs:
        if job.handed_run < job.run:
            engine.start(SEAL, job.batch_id, job.run)
            with unit_of_work(instance.engine) as connection:
                store.hand_over(connection, job.batch_id, job.run)
        elif job.run <= QUICK_RUNS and not engine.is_busy(SEAL, job.batch_id):
            with unit_of_work(instance.engine) as connection:
                store.another_run(connection, job.batch_id, job.run)


def _again(instance: Instance) -> None:
    """Try batches once more that a long outage stopped: of the timestamps, or of the key."""
    with unit_of_work(instance.engine) as connection:
        for job in store.unfinished(connection):
            if job.run > QUICK_RUNS and job.handed_run == job.run:
                store.another_run(connection, job.batch_id, job.run)
