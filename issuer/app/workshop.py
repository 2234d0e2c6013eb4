"""The worker inside the service: on SQLite nothing else has to run for batches to be awarded.

Shape: the engine is started when the first batch waits, and stays until the service stops; a
service that never awards a batch never loads it. On PostgreSQL `learnseal worker` does the work.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

import sqlalchemy.orm  # noqa: F401 - half loaded by the engine, it would break queries of requests
from sqlalchemy.exc import SQLAlchemyError

from issuer.awarding import batch_store
from issuer.db.session import reading
from issuer.edc import job_store as edc
from issuer.instance import Instance

if TYPE_CHECKING:
    from issuer.jobs.worker import Worker

__all__ = ["workshop"]

EVERY = 1.0
"""Seconds between two looks."""

PATIENCE = 4
"""Seconds a chunk may take to end when the service is told to stop; the next start does the rest.

With the ten seconds of requests (`issuer.cli.serving`) it is less than an operator waits for.
"""

log = logging.getLogger(__name__)


async def workshop(instance: Instance, every: float = EVERY) -> None:
    """Award batches in this process, until cancelled."""
    if instance.engine.dialect.name != "sqlite":
        return
    worker: Worker | None = None
    try:
        while worker is None:
            await asyncio.sleep(every)
            if await asyncio.to_thread(_is_needed, instance):
                worker = await asyncio.to_thread(_begin, instance)
        await asyncio.Event().wait()
    finally:
        if worker is not None:
            await asyncio.shield(asyncio.to_thread(worker.stop, PATIENCE))


def _is_needed(instance: Instance) -> bool:
    try:
        with reading(instance.engine) as connection:
            return bool(batch_store.unfinished(connection) or edc.unfinished(connection))
    except SQLAlchemyError:
        log.warning("the database cannot be asked for batches just now")
        return False


def _begin(instance: Instance) -> "Worker":
    from issuer.jobs.worker import start_worker  # noqa: PLC0415 - likewise
    from issuer.work import work_of  # noqa: PLC0415 - loading the engine takes a second

    return start_worker(instance, work_of(instance))
