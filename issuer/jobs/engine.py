"""The one door to dbos, the durable engine: launch it, hand it work, ask what it is doing.

Shape: a `Fan` is work on many rows: `plan` names the chunks, `do` does one; both get numbers only
and may be repeated at any time, for what happened is in our own rows. A `Tick` comes by the clock,
once for all workers.
Version: pinned (`VERSION`), so that a deployment goes on with the work of the one before. A changed
shape of work gets a new name in `Fan`, and the old one stays until it is drained.
Only the open package: no conductor, no account, no network but our own database.
"""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy.engine import make_url

from issuer.jobs.wire import JsonWire, forbid_pickle

__all__ = ["VERSION", "Chunk", "Engine", "Fan", "Queue", "Tick", "forget", "launch"]

VERSION = "jobs-1"
"""Of the shape of our work; the engine's default, a hash of the code, would orphan it."""

SCHEMA = "dbos"
"""Where the engine's tables are on PostgreSQL; a role of its own may own them."""

RECOVERIES = 20
"""Times a job may be taken down with its worker before it is taken for the cause."""

UNFINISHED = ["PENDING", "ENQUEUED", "DELAYED"]
FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

Chunk = tuple[int, int]
"""First and last number of the rows of one step."""


@dataclass(frozen=True, slots=True)
class Fan:
    """Work on the rows of one subject, in chunks that any worker takes."""

    name: str
    queue: str
    plan: Callable[[int], Sequence[Chunk]]
    """What is left to do of a subject."""

    do: Callable[[int, int, int], None]
    """Do the rows of a subject from the first to the last."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Something done by the clock, by one worker."""

    name: str
    cron: str
    """Six fields, seconds first."""

    do: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Queue:
    """How much of one kind of work runs at once."""

    name: str
    of_worker: int | None = None
    of_all: int | None = None
    poll: float = 0.2


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine of this process, running."""

    fans: dict[str, Callable[[int, int], None]]

    def start(self, fan: str, subject: int, run: int) -> None:
        """Start a fan on `subject`; starting the same run again changes nothing."""
        with SetWorkflowID(f"{fan}:{subject}:{run}"):
            DBOS.enqueue_workflow("plan", self.fans[fan], subject, run)

    def is_busy(self, fan: str, subject: int) -> bool:
        """Tell whether anything of a subject is running or waiting."""
        found = DBOS.list_workflows(
            workflow_id_prefix=f"{fan}:{subject}:",
            status=list(UNFINISHED),
            limit=1,
            load_input=False,
            load_output=False,
        )
        return bool(found)

    def names_at_work(self) -> set[str]:
        """Return the workers that hold work, alive or dead."""
        found = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {status.executor_id for status in found if status.executor_id}

    def recover(self, name: str) -> None:
        """Give the work of a dead worker back to the queues; others are not touched."""
        DBOS._recover_pending_workflows([name])  # noqa: SLF001 - only it asks for the dead one's name

    def stop(self, patience: int = 15) -> None:
        """Let running steps end (whole seconds), then end the engine."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)


def forget(before: datetime, most: int = 10_000) -> int:
    """Delete finished jobs that ended before; return how many. The rows they worked on stay."""
    found = DBOS.list_workflows(
        status=list(FINISHED),
        completed_before=before.isoformat(),
        limit=most,
        load_input=False,
        load_output=False,
    )
    if found:
        DBOS.delete_workflows([status.workflow_id for status in found])
    return len(found)


def launch(
    url: str, name: str, queues: Sequence[Queue], fans: Sequence[Fan], ticks: Sequence[Tick]
) -> Engine:
    """Run the engine in this process under `name`, which no other living process has."""
    forbid_pickle()
    logging.getLogger("dbos").setLevel(logging.WARNING)
    config = DBOSConfig(
        name="learnseal",
        system_database_url=_prepared(url),
        dbos_system_schema=SCHEMA,
        executor_id=name,
        application_version=VERSION,
        serializer=JsonWire(),
        log_level="WARNING",
        sys_db_pool_size=5,
        notification_listener_polling_interval_sec=0.2,
        scheduler_polling_interval_sec=2.0,
    )
    DBOS(config=config)
    started = {fan.name: _fan(fan) for fan in fans}
    clocks = [(tick, _tick(tick)) for tick in ticks]
    DBOS.launch()
    for queue in (Queue("plan", of_worker=2), *queues):
        DBOS.register_queue(
            queue.name,
            worker_concurrency=queue.of_worker,
            global_concurrency=queue.of_all,
            polling_interval_sec=queue.poll,
        )
    DBOS.apply_schedules(
        [
            {"schedule_name": tick.name, "workflow_fn": clock, "schedule": tick.cron}
            for tick, clock in clocks
        ]
    )
    return Engine(started)


def _prepared(url: str) -> str:
    """Return the engine's database: on SQLite a file of its own, with a write-ahead log."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
    return url


def _fan(fan: Fan) -> Callable[[int, int], None]:
    plan = DBOS.step(name=f"{fan.name}.plan", retries_allowed=True, max_attempts=5)(
        lambda subject: [list(chunk) for chunk in fan.plan(subject)]
    )
    do = DBOS.step(name=f"{fan.name}.do", retries_allowed=True, max_attempts=5)(fan.do)

    def one(subject: int, first: int, last: int) -> None:
        do(subject, first, last)

    chunk = DBOS.workflow(name=f"{fan.name}.chunk", max_recovery_attempts=RECOVERIES)(one)

    def all_of(subject: int, run: int) -> None:
        for first, last in plan(subject):
            with SetWorkflowID(f"{fan.name}:{subject}:{run}:{first}"):
                DBOS.enqueue_workflow(fan.queue, chunk, subject, first, last)

    return DBOS.workflow(name=fan.name, max_recovery_attempts=RECOVERIES)(all_of)


def _tick(tick: Tick) -> Callable[[datetime, object], None]:
    do = DBOS.step(name=f"{tick.name}.do", retries_allowed=True, max_attempts=3)(tick.do)

    def due(_at: datetime, _context: object) -> None:
        do()

    return DBOS.workflow(name=tick.name, max_recovery_attempts=RECOVERIES)(due)
