"""`verify`: one report for each input, by the same steps as the page.

Exit codes: 0 valid, 1 not valid, 2 genuine with remarks, 3 could not be checked, 64 nothing that
could be read as a credential; of several inputs, the worst.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from badges.credential import moment, parse_moment
from badges.errors import MalformedValue
from badges.verify import Policy, Register, Verdict, parse_register
from badges.verify.key_history import Seen
from badges.verify.keys import KeyRing
from did.fetch import Fetch, Fetched, manifest_fetch, web_fetch
from did.resolve import location
from issuer.cli import console
from issuer.cli.inputs import read_bytes
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.cli.registering import signature_holds
from issuer.cli.telling import tell
from issuer.errors import CheckAborted, InvalidUpload, Unreachable
from issuer.instance import wall_clock
from issuer.register.service import own_policy, with_seal_trust
from issuer.status.own_documents import own_documents
from issuer.verify import service
from issuer.verify.pool import Pool
from issuer.verify.sources import Verifier
from issuer.verify.submission import Submission, link_in

__all__ = ["Sources", "register", "verify"]

EXIT = {
    Verdict.VALID: 0,
    Verdict.GENUINE_WITH_REMARKS: 2,
    Verdict.COULD_NOT_CHECK: 3,
    Verdict.NOT_VALID: 1,
}
"""Exit code of each verdict, in rising order of badness."""

UNREADABLE = 64
WORKERS = 2
AHEAD = 16
"""Inputs that are worked on before the first of them is told."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Evidence from our own store, then from the one web there is."""

    own: Any
    """Our own documents by URL."""

    fetch: Fetch
    rules: Policy

    async def documents(self, urls: Iterable[str]) -> Mapping[str, Fetched]:
        """Return what can be had of `urls`."""
        wanted = set(urls)
        found: dict[str, Fetched] = dict(self.own(wanted))
        return found | dict(await self.fetch(wanted - found.keys()))

    async def known_keys(self, issuers: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Return nothing: a command has seen nobody before."""
        del issuers
        return {}

    async def remember(self, seen: Mapping[str, Seen]) -> None:
        """Keep nothing."""

    def policy(self) -> Policy:
        """Return the register in force."""
        return self.rules


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command()(verify)


def verify(  # noqa: PLR0913 - one argument per option
    paths: Annotated[list[str] | None, typer.Argument(help="Files, links, or - for stdin.")] = None,
    *,
    paths_from: Annotated[str | None, typer.Option(help="File with one path a line.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON report a line.")] = False,
    web: Annotated[Path | None, typer.Option(help="The only web there is: a manifest.")] = None,
    now: Annotated[str | None, typer.Option(help="Check as if it were this time.")] = None,
    register: Annotated[Path | None, typer.Option(help="Register of trusted issuers.")] = None,
    trust: Annotated[Path | None, typer.Option(help="Folder of trusted seal authorities.")] = None,
    data: Data = None,
) -> None:
    """Check credentials: who signed what for whom, and whether it still holds."""
    inputs = [*(paths or []), *_listed(paths_from)]
    if not inputs:
        raise InvalidUpload("name a file, a link, or a list of files with --paths-from")
    sources = _sources(data, web, register)
    if trust:
        sources = replace(sources, rules=with_seal_trust(sources.rules, trust, wall_clock()))
    at = _moment(now)
    raise typer.Exit(asyncio.run(_all(sources, inputs, at, as_json=as_json)))


async def _all(sources: Sources, inputs: list[str], now: datetime | None, *, as_json: bool) -> int:
    pool = Pool(size=min(WORKERS, len(inputs)))
    verdicts, unreadable = set[Verdict](), 0
    try:
        with console.progress() as progress:
            task = progress.add_task("verifying", total=len(inputs))
            async for answer in _reports(Verifier(pool, sources), inputs, now):
                console.print_json(answer.report) if as_json else tell(answer.report)
                verdicts.add(Verdict(answer.report["verdict"]))
                unreadable += answer.unreadable is not None
                progress.advance(task)
    finally:
        pool.close()
    if unreadable == len(inputs):
        return UNREADABLE
    return EXIT[max(verdicts, key=list(EXIT).index)]


async def _reports(
    verifier: Verifier, inputs: list[str], now: datetime | None
) -> AsyncIterator[service.Answer]:
    """Give the reports in the order of the inputs, with a few under way at any time."""
    waiting = list(inputs)
    started: list[asyncio.Task[service.Answer]] = []
    while waiting or started:
        while waiting and len(started) < AHEAD:
            started.append(asyncio.create_task(_report(verifier, waiting.pop(0), now)))
        yield await started.pop(0)


async def _report(verifier: Verifier, name: str, now: datetime | None) -> service.Answer:
    at = now or datetime.now(UTC)
    submission = Submission(b"", name)
    try:
        submission = await _submission(verifier, name)
        return await service.verify(verifier, submission, at)
    except (CheckAborted, InvalidUpload, Unreachable) as error:
        unreadable = None if isinstance(error, CheckAborted) else str(error)
        return service.Answer(submission, _unanswered(name, error, at), unreadable)


async def _submission(verifier: Verifier, name: str) -> Submission:
    if link_in(name):
        return await service.submitted(verifier, name)
    return Submission(await asyncio.to_thread(read_bytes, name), name)


def _unanswered(
    name: str, error: CheckAborted | InvalidUpload | Unreachable, at: datetime
) -> dict[str, Any]:
    """Return the report on an input that nobody could look at."""
    finding = {"check": "structure", "outcome": "unknown", "code": error.code, "detail": str(error)}
    return {
        "input": name,
        "verdict": Verdict.COULD_NOT_CHECK.value,
        "summary": f"{(error.__doc__ or '').splitlines()[0]} {error}".strip(),
        "credential": {},
        "findings": [finding],
        "checked_at": moment(at),
    }


def _listed(paths_from: str | None) -> list[str]:
    if paths_from is None:
        return []
    lines = read_bytes(paths_from).decode("utf-8", "surrogateescape").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _sources(data: Path | None, web: Path | None, register: Path | None) -> Sources:
    settings = read_settings(data=data)
    fetch = manifest_fetch(web, now=wall_clock) if web else web_fetch(now=wall_clock)
    if not settings.database_url and not (settings.data / "learnseal.sqlite").exists():
        return Sources(lambda _: {}, fetch, Policy(register=_register(register, fetch)))
    instance = open_existing(settings)
    with instance.engine.connect() as connection:
        rules = own_policy(instance, connection)
    if register:
        rules = replace(rules, register=_register(register, fetch))
    return Sources(lambda urls: own_documents(instance, urls), fetch, rules)


def _register(path: Path | None, fetch: Fetch) -> Register | None:
    """Read a register; one that says it is signed must be."""
    if path is None:
        return None
    content = read_bytes(str(path))
    signature_holds(content, lambda publisher: _ring(publisher, fetch))
    return parse_register(content)


def _ring(publisher: str, fetch: Fetch) -> KeyRing:
    url = location(publisher)
    found = asyncio.run(_had(fetch, url)) if url else {}
    return KeyRing(found, Policy(), wall_clock())


async def _had(fetch: Fetch, url: str) -> Mapping[str, Fetched]:
    return await fetch([url])


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_moment(text)
    except MalformedValue as error:
        raise InvalidUpload(f"--now: {error}") from error
