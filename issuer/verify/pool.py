"""A few processes that check what strangers send, each of which may be killed for it.

Shape: one request, one answer, both bytes. A process that overruns its time or memory is killed
and replaced; whoever else is waiting never notices.
"""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Timer

from issuer.errors import CheckAborted, TooBusy

__all__ = ["Limits", "Pool"]

COMMAND = (sys.executable, "-m", "issuer.verify.worker")
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
"""All a worker learns of our environment: settings and secrets stay here."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one check may cost."""

    seconds: float = 10.0
    memory: int = 1536 * 2**20
    """Bytes of address space, program included."""

    answer: int = 16 * 2**20
    """Most bytes of an answer."""

    start: float = 60.0
    """Seconds a new process may take to be ready."""

    waiting: int = 64
    """Most checks that may wait for a free process."""


class Worker:
    """One process and the line to it."""

    def __init__(self, command: Sequence[str], limits: Limits) -> None:
        self.limits = limits
        ours, theirs = socket.socketpair()
        with theirs:
            end = str(theirs.fileno())
            self.process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [*command, end, str(limits.memory), str(limits.seconds)],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment(),
            )
        self.line = Connection(ours.detach())

    def start(self) -> None:
        """Wait until the process is ready.

        Raises:
            CheckAborted: it never was.
        """
        self.exchange(None, self.limits.start)

    def is_running(self) -> bool:
        """Tell whether the process can be asked."""
        return not self.line.closed and self.process.poll() is None

    def ask(self, request: bytes) -> bytes:
        """Return the answer to `request`.

        Raises:
            CheckAborted: it took too much time or memory; this worker is gone.
        """
        return self.exchange(request, self.limits.seconds)

    def exchange(self, request: bytes | None, seconds: float) -> bytes:
        """Send `request`, if any, and wait for the next message, `seconds` at the longest."""
        deadline = Timer(seconds, self.process.kill)
        deadline.start()
        try:
            if request is not None:
                self.line.send_bytes(request)
            return self.line.recv_bytes(self.limits.answer)
        except (EOFError, OSError) as error:
            self.end()
            raise CheckAborted("it was stopped; this says nothing about its content") from error
        finally:
            deadline.cancel()

    def end(self) -> None:
        """Kill the process and leave nothing of it."""
        self.process.kill()
        self.process.wait()
        self.line.close()


def environment() -> dict[str, str]:
    """Return the little a worker gets to see."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}


class Pool:
    """The workers of one service."""

    def __init__(
        self, *, size: int = 2, limits: Limits | None = None, command: Sequence[str] = COMMAND
    ) -> None:
        self.limits = limits or Limits()
        self.command = command
        self.size = size
        self.waiting = 0
        self.closed = False
        self.lock = Lock()
        self.workers: list[Worker] = []
        self.idle: SimpleQueue[Worker | None] = SimpleQueue()
        self.threads = ThreadPoolExecutor(size, thread_name_prefix="verify")
        for _ in range(size):
            self.idle.put(None)

    async def ask(self, request: bytes) -> bytes:
        """Return a worker's answer to `request`.

        Raises:
            TooBusy: too many are waiting already.
            CheckAborted: it took too much time or memory.
        """
        if self.waiting >= self.limits.waiting:
            raise TooBusy("try again in a few seconds")
        self.waiting += 1
        try:
            return await asyncio.wrap_future(self.threads.submit(self.ask_one, request))
        finally:
            self.waiting -= 1

    def warm(self) -> None:
        """Start the workers before the first question comes."""
        for _ in range(self.size):
            self.threads.submit(self.start_one)

    def start_one(self) -> None:
        """Have a worker where none runs."""
        worker = self.idle.get()
        try:
            worker = self.running(worker)
        finally:
            self.idle.put(worker)

    def ask_one(self, request: bytes) -> bytes:
        """Ask the next free worker; start one where none runs."""
        worker = self.idle.get()
        try:
            worker = self.running(worker)
            return worker.ask(request)
        finally:
            self.idle.put(worker)

    def running(self, worker: Worker | None) -> Worker:
        """Return `worker`, or a new one in its place if it does not run.

        Raises:
            CheckAborted: a new one could not be started, or the pool is closed.
        """
        if worker is not None and worker.is_running():
            return worker
        with self.lock:
            if self.closed:
                raise CheckAborted("the service is being stopped")
            worker = Worker(self.command, self.limits)
            self.workers = [known for known in self.workers if known.is_running()] + [worker]
        worker.start()
        return worker

    def close(self) -> None:
        """End every worker, whatever it is doing."""
        with self.lock:
            self.closed = True
        for worker in self.workers:
            worker.process.kill()
        self.threads.shutdown(cancel_futures=True)
        for worker in self.workers:
            worker.end()
