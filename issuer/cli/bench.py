"""`bench`: how fast this machine issues and verifies, as ratios against plain PyLD in one run.

Shape: in each round every contender works on a few documents of its own, one contender after the
other, so that whatever else the machine does hits all of them alike; a ratio is the median over
the rounds.
"""

from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from badges.proofs import known_shapes
from issuer.cli import console
from issuer.cli.bench_claims import Claims, measure_claims
from issuer.cli.bench_contenders import CONTENDERS, Contender, Desk
from issuer.cli.bench_edc import measure
from issuer.cli.bench_workload import drafts

__all__ = ["Row", "bench", "register", "run"]

WARM_UP = 320
"""Documents every contender works on before the clock runs."""


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one contender."""

    name: str
    microseconds: float
    per_second: float
    ratio: float | None
    """How many times as fast as PyLD alone; None for PyLD itself."""

    def to_json(self) -> dict[str, Any]:
        """Return the row as the command prints it."""
        return {
            "name": self.name,
            "microseconds": round(self.microseconds, 1),
            "per_second": round(self.per_second),
            "ratio": None if self.ratio is None else round(self.ratio, 1),
        }


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command()(bench)


def bench(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; more are steadier.")] = 15,
    claims: Annotated[
        int, typer.Option(min=0, max=10_000, help="Claims by wallets in each format; 0 = none.")
    ] = 100,
) -> None:
    """Measure issuing and verifying against plain PyLD, all in one run."""
    rows, edc, claimed = run(rounds), measure(rounds), measure_claims(claims)
    if as_json:
        found = {"rows": [row.to_json() for row in rows], "edc": [row.to_json() for row in edc]}
        found["claims"] = [row.to_json() for row in claimed]
        console.print_json({"rounds": rounds, **found})
        return
    table = Table("one core", "µs", "per second", "against PyLD", box=None)
    for row in rows:
        ratio = "1" if row.ratio is None else f"{row.ratio:.1f} x"
        table.add_row(row.name, f"{row.microseconds:,.0f}", f"{row.per_second:,.0f}", ratio)
    console.out.print(table)
    europass = Table("Europass, one core", "ms", "limit on a quiet machine", box=None)
    for figure in edc:
        europass.add_row(figure.name, f"{figure.milliseconds:,.1f}", f"{figure.limit:g}")
    console.out.print(europass)
    if claimed:
        console.out.print(_claims_table(claimed))


def _claims_table(claimed: list[Claims]) -> Table:
    """Return the claims by wallets, for people."""
    title = "claims by wallets over HTTP, two processes"
    columns = ("ms of the service", "ms of the wallet", "a second on two cores", "by the clock")
    table = Table(title, *columns, box=None)
    for figure in claimed:
        known = "-" if figure.milliseconds is None else f"{figure.milliseconds:,.1f}"
        cores = "-" if figure.two_cores is None else f"{figure.two_cores:,.0f}"
        clock = f"{figure.claims / figure.seconds:,.0f}"
        table.add_row(figure.format.value, known, f"{figure.wallets:,.1f}", cores, clock)
    return table


def run(rounds: int, *, warm_up: int | None = None) -> list[Row]:
    """Time every contender in each of `rounds` rounds."""
    desk = Desk()
    stock = _Stock(desk)
    for contender in CONTENDERS:
        _time(
            desk,
            contender,
            stock.take(contender, min(WARM_UP if warm_up is None else warm_up, contender.batch**2)),
        )
    times: dict[str, list[float]] = {contender.name: [] for contender in CONTENDERS}
    for _ in range(rounds):
        for contender in CONTENDERS:
            documents = stock.take(contender, contender.batch)
            times[contender.name].append(_time(desk, contender, documents))
    return [_row(contender, times) for contender in CONTENDERS]


class _Stock:
    """Fresh documents: nobody works on one that was worked on before."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.next = 0

    def take(self, contender: Contender, count: int) -> list[Any]:
        """Return `count` new drafts, or sealed badges."""
        made = [orjson.loads(orjson.dumps(draft)) for draft in drafts(count, self.next)]
        self.next += count
        if contender.takes == "text":
            return [orjson.dumps(draft) for draft in made]
        return made if contender.takes == "draft" else [self.desk.sign(draft) for draft in made]


def _time(desk: Desk, contender: Contender, documents: list[Any]) -> float:
    """Return the seconds one document takes."""
    known_shapes.memo().templates = contender.templates
    try:
        started = process_time()
        for document in documents:
            contender.work(desk, document)
        return (process_time() - started) / len(documents)
    finally:
        known_shapes.memo().templates = True


def _row(contender: Contender, times: dict[str, list[float]]) -> Row:
    own = times[contender.name]
    ratio = None
    if contender.against:
        plain = times[contender.against]
        ratio = median(slow / fast for slow, fast in zip(plain, own, strict=True))
    return Row(contender.name, median(own) * 1e6, 1 / median(own), ratio)
