"""One worker: its name, the engine, and the watchman who starts what waits and buries the dead.

Shape: a worker of several on PostgreSQL, or the only one, inside the service, on SQLite.
The watchman's rounds are repeatable: starting a run twice is one run, and a wrong verdict on a
worker that is alive only repeats work.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from issuer.errors import NoWorkerName
from issuer.instance import Instance
from issuer.jobs.collector import look_seldom
from issuer.jobs.engine import Engine, Fan, Queue, Tick, forget, launch
from issuer.jobs.slots import FileSlots, PostgresSlots, Slot, Slots, held, take_any

__all__ = ["Work", "Worker", "joined", "slots_of", "start_worker"]

ROUND = 1.0
"""Seconds between two rounds of the watchman."""

BURIAL = 5
"""Rounds between two looks at who died."""

KEPT = timedelta(days=7)
"""How long finished jobs can be looked at."""

REAPER = "reaper"
"""The name held by the one worker that is looking."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """All a worker can do."""

    queues: Sequence[Queue]
    fans: Sequence[Fan]
    ticks: Sequence[Tick]
    waiting: Callable[[Engine], None]
    """Start what waits to be started; called each round."""


def joined(*works: Work) -> Work:
    """Return all of several kinds of work."""

    def waiting(engine: Engine) -> None:
        for work in works:
            work.waiting(engine)

    return Work(
        queues=[queue for work in works for queue in work.queues],
        fans=[fan for work in works for fan in work.fans],
        ticks=[tick for work in works for tick in work.ticks],
        waiting=waiting,
    )


@dataclass(slots=True)
class Worker:
    """A running worker."""

    slot: Slot
    engine: Engine
    slots: Slots
    waiting: Callable[[Engine], None]
    pause: float = ROUND
    """Seconds between two rounds of the watchman."""

    _ended: threading.Event = field(default_factory=threading.Event)
    _watchman: threading.Thread | None = None

    def begin(self) -> None:
        """Send the watchman on his rounds."""
        self._watchman = threading.Thread(target=self._rounds, name="watchman", daemon=True)
        self._watchman.start()

    def rest(self) -> None:
        """End the rounds; what was started goes on."""
        self._ended.set()
        if self._watchman:
            self._watchman.join()

    def stop(self, patience: int = 15) -> None:
        """End the rounds, let running steps end, give the name back."""
        self.rest()
        self.engine.stop(patience)
        self.slot.free()

    def _rounds(self) -> None:
        rounds = 0
        while not self._ended.wait(self.pause):
            rounds += 1
            try:
                self._hold_name()
                self.waiting(self.engine)
                if rounds % BURIAL == 0:
                    bury(self.engine, self.slots, self.slot.name)
            except SQLAlchemyError as error:
                log.error("a round of the worker failed: %s", type(error).__name__)  # noqa: TRY400 - no traceback of data
            except Exception:
                log.exception("a round of the worker failed")

    def _hold_name(self) -> None:
        if not self.slot.is_held() and (again := self.slots.take(self.slot.name)):
            self.slot.free()
            self.slot = again


def bury(engine: Engine, slots: Slots, me: str) -> list[str]:
    """Give the work of dead workers back to the queues; return their names."""
    buried = []
    with held(slots, REAPER) as is_mine:
        suspects = engine.names_at_work() - {me} if is_mine else set()
        for name in sorted(suspects):
            with held(slots, name) as is_dead:
                if is_dead:
                    engine.recover(name)
                    buried.append(name)
    for name in buried:
        log.warning("worker %s is dead: others do its work", name)
    return buried


def slots_of(instance: Instance) -> Slots:
    """Return where the workers of a service hold their names."""
    if instance.engine.dialect.name == "sqlite":
        return FileSlots(instance.settings.data / "jobs")
    return PostgresSlots(instance.engine)


def start_worker(
    instance: Instance, work: Work, name: str | None = None, *, pause: float = ROUND
) -> Worker:
    """Start a worker in this process; one process holds at most one.

    Raises:
        NoWorkerName: the name is held by another process that is alive.
    """
    slots = slots_of(instance)
    slot = slots.take(name) if name else take_any(slots)
    if slot is None:
        raise NoWorkerName(f"another worker called {name} is alive: give each its own name")
    look_seldom()
    retention = Tick("jobs.forget", "0 17 3 * * *", lambda: _forget(instance))
    ticks = [*work.ticks, retention]
    engine = launch(_url(instance), slot.name, work.queues, work.fans, ticks)
    worker = Worker(slot, engine, slots, work.waiting, pause)
    worker.begin()
    return worker


def _forget(instance: Instance) -> None:
    while forget(instance.now() - KEPT):
        pass


def _url(instance: Instance) -> str:
    if instance.engine.dialect.name == "sqlite":
        return f"sqlite:///{instance.settings.data / 'jobs' / 'jobs.sqlite'}"
    return instance.engine.url.render_as_string(hide_password=False)
