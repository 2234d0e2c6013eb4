"""What `learnseal bench` measures of Europass: converting, checking and sealing one credential.

Shape: processor time, the median over the rounds; the limits are those the product promises for a
quiet machine. Seals are RS256. The time of the timestamp authority, made here, is taken out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import process_time
from typing import Any

import orjson

from badges.edc.mapping import edc_to_ob3, ob3_to_edc
from badges.edc.rules import check_edc
from issuer.cli.bench_workload import NOW, drafts
from issuer.edc.facts import draw_pages
from issuer.signing.sealing import Sealer
from issuer.signing.test_seal import ThrowawaySeal, make_test_seal

__all__ = ["EdcRow", "measure"]

ANSWERS = {"quality_assurance.country": "AT", "issuer.legal_identifier": "VATAT-U00000000"}
"""What an Open Badge does not say and Europass wants to know."""


@dataclass(frozen=True, slots=True)
class EdcRow:
    """The figure of one job."""

    name: str
    milliseconds: float
    limit: float

    def to_json(self) -> dict[str, Any]:
        """Return the row as the command prints it."""
        return {
            "name": self.name,
            "milliseconds": round(self.milliseconds, 2),
            "limit": self.limit,
        }


@dataclass(slots=True)
class _Clock:
    """A timestamp authority that knows how long it worked."""

    seal: ThrowawaySeal
    spent: float = field(default=0.0)

    def answer(self, query: bytes) -> bytes:
        """Answer a query."""
        began = process_time()
        try:
            return self.seal.timestamps.answer(query, NOW)
        finally:
            self.spent += process_time() - began


def measure(rounds: int) -> list[EdcRow]:
    """Return the figures."""
    seal = make_test_seal("Technical University", identifier="VATAT-1", country="AT", now=NOW)
    clock = _Clock(seal)
    badges = list(drafts(rounds + 1))
    document = _converted(badges.pop())
    text = orjson.dumps(document).decode()
    return [
        EdcRow("convert an Open Badge, draw its page, check", _time(_converted, badges), 250),
        EdcRow("check an EDC", _time(check_edc, [document] * rounds), 250),
        EdcRow("convert an EDC back", _time(edc_to_ob3, [document] * rounds), 250),
        EdcRow("seal B-B, look at the seal", _time(lambda t: _seal(seal, t), [text] * rounds), 10),
        EdcRow("seal B-T without the authority, look at it", _stamped(clock, text, rounds), 10),
    ]


def _converted(badge: dict[str, Any]) -> dict[str, Any]:
    made = ob3_to_edc(badge, draw_pages, NOW, answers=ANSWERS).document
    if made is None:
        raise RuntimeError("the badge of the workload lacks an answer")
    return made


def _seal(seal: ThrowawaySeal, text: str) -> bytes:
    return Sealer(seal.key).seal(text, NOW)


def _stamped(clock: _Clock, text: str, rounds: int) -> float:
    sealer, times = Sealer(clock.seal.key, clock.answer), []
    for _ in range(rounds):
        clock.spent, began = 0.0, process_time()
        sealer.seal(text, NOW)
        times.append(process_time() - began - clock.spent)
    return median(times) * 1000


def _time(work: Callable[[Any], object], inputs: list[Any]) -> float:
    times = []
    for each in inputs:
        began = process_time()
        work(each)
        times.append(process_time() - began)
    return median(times) * 1000
