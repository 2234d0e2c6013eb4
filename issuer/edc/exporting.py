"""Awards as European Digital Credentials: drafts for upload, and files sealed here.

Shape: the text is written from the award, checked, and kept; what is kept is sealed, checked and
kept beside it. Each step is one commit; asking again gives the same file. The signed Open Badge
travels inside, so that revoking it revokes both.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from badges.edc.building import EIDAS
from badges.edc.problem import errors
from badges.edc.rules import check_edc
from badges.edc.write import write_edc, write_upload
from badges.errors import BadgeError, NotExportable
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding.credential import credential_bytes
from issuer.awarding.seats import Room
from issuer.db.session import reading, unit_of_work
from issuer.edc import store
from issuer.edc.facts import Writer
from issuer.edc.store import Draft, File
from issuer.errors import IssuerError, NotFound, NotIssued, SelfCheckFailed, StoredBytesChanged
from issuer.instance import Instance
from issuer.organisations.service import root
from issuer.signing.sealer import keep_test_seal
from issuer.signing.sealing import Sealer

__all__ = ["Batch", "Refused", "demo_sealer", "draft", "seal_many", "seal_some", "sealed"]

Refused = dict[int, BadgeError | IssuerError]
"""Issuances that cannot become an EDC as they are, and why."""

AT_ONCE = 25
"""Seals of one commit: so many timestamps a crash makes us ask for again, at most."""

FINAL = (NotExportable, NotFound, NotIssued, StoredBytesChanged)
"""What is wrong with one award; anything else is wrong with the service, and may pass."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of the EDC of many issuances."""

    sealed: tuple[int, ...]
    refused: dict[int, str]


def demo_sealer(instance: Instance) -> Sealer:
    """Return the seal of this service; where it has none, a test seal in the alliance's name."""
    with reading(instance.engine) as connection:
        alliance = root(connection).particulars
    known = {number.scheme.casefold(): number.value for number in alliance.identifiers}
    return keep_test_seal(
        instance,
        alliance.legal_name,
        identifier=known.get(EIDAS) or known.get("vat") or f"NTR{alliance.country}-0",
        country=alliance.country,
    )


def draft(instance: Instance, number: int) -> bytes:
    """Return the EDC of an issued Open Badge, for upload to the Europass issuer.

    Raises:
        NotFound: there is no such issuance.
        NotIssued: its Open Badge is not signed yet, or was voided.
        NotExportable: Europass would refuse it; the problems name field and fix.
    """
    with reading(instance.engine) as connection:
        award, issue, _ = Writer(Room(instance, connection), None).facts(number)
    document = write_edc(award, issue)
    return orjson.dumps(write_upload(document, award.learner.email), option=orjson.OPT_INDENT_2)


def sealed(instance: Instance, number: int, sealer: Sealer, actor: str = "service") -> bytes:
    """Return the sealed EDC of an issued Open Badge; it is sealed once and kept.

    Raises:
        NotFound: there is no such issuance.
        NotIssued: its Open Badge is not signed yet, or was voided.
        NotExportable: Europass would refuse it; the problems name field and fix.
        NotSealable: the certificate is not fit to seal.
        TimestampUnavailable, TimestampInvalid: the timestamp could not be had.
        SelfCheckFailed: our own verifier refuses the result.
    """
    credential_bytes(instance, number)
    if kept := _kept(instance, number):
        return kept
    refused = seal_some(instance, [number], sealer, actor)
    if number in refused:
        raise refused[number]
    made = _kept(instance, number)
    if made is None:
        raise SelfCheckFailed("the sealed file could not be kept")
    return made


def _kept(instance: Instance, number: int) -> bytes | None:
    with reading(instance.engine) as connection:
        found = store.file_of(connection, number)
    return found.sealed if found else None


def seal_many(
    instance: Instance,
    numbers: Sequence[int],
    sealer: Sealer,
    *,
    actor: str = "service",
    tell: Callable[[int], None] | None = None,
) -> Batch:
    """Seal many; what was sealed before is left as it is, so a stopped run can be repeated."""
    refused: Refused = {}
    for start in range(0, len(numbers), AT_ONCE):
        chunk = numbers[start : start + AT_ONCE]
        refused |= seal_some(instance, chunk, sealer, actor)
        if tell:
            tell(start + len(chunk))
    done = tuple(number for number in numbers if number not in refused)
    return Batch(done, {number: str(error) for number, error in refused.items()})


def seal_some(
    instance: Instance, numbers: Sequence[int], sealer: Sealer, actor: str = "service"
) -> Refused:
    """Write, check, keep and seal the EDC of some issuances; return those that cannot have one.

    Raises:
        NotSealable, SealKeyUnusable: the certificate or its key is not fit to seal.
        TimestampUnavailable, TimestampInvalid: a timestamp could not be had.
        SelfCheckFailed: our own verifier refuses the result.
    """
    refused = _intend(instance, numbers, sealer, actor)
    waiting = [number for number in numbers if number not in refused]
    for start in range(0, len(waiting), AT_ONCE):
        _seal(instance, waiting[start : start + AT_ONCE], sealer, actor)
    return refused


def _intend(instance: Instance, numbers: Sequence[int], sealer: Sealer, actor: str) -> Refused:
    """Keep the checked text of each; one kept before must still fit the seal, or is replaced."""
    drafts: list[tuple[Draft, File | None]] = []
    refused: Refused = {}
    with reading(instance.engine) as connection:
        writer = Writer(Room(instance, connection), sealer)
        for number in numbers:
            try:
                kept = store.file_of(connection, number)
                if kept is None or not (kept.sealed or _fits(kept, sealer)):
                    drafts.append((writer.draft(number), kept))
            except FINAL as error:
                refused[number] = error
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        new = [made for made, kept in drafts if store.keep_payload(connection, made, kept, now)]
        append(connection, [_intended(actor, made) for made in new], now)
    return refused


def _fits(kept: File, sealer: Sealer) -> bool:
    """Tell whether a text that another process left may be sealed with this certificate."""
    return not errors(check_edc(orjson.loads(kept.payload), seal=sealer.identity))


def _seal(instance: Instance, numbers: Sequence[int], sealer: Sealer, actor: str) -> None:
    with reading(instance.engine) as connection:
        waiting = list(store.unsealed(connection, numbers))
    now = instance.now()
    made = [(file, sealer.seal(file.payload.decode(), now)) for file in waiting]
    with unit_of_work(instance.engine) as connection:
        kept = [each for each in made if store.keep_sealed(connection, *each, now)]
        append(connection, list(_sealed(actor, kept)), now)


def _intended(actor: str, made: Draft) -> Event:
    return Event(actor, "edc.intended", made.name, {"bytes": len(made.payload)})


def _sealed(actor: str, kept: Sequence[tuple[File, bytes]]) -> Iterator[Event]:
    for file, octets in kept:
        name = str(orjson.loads(file.payload)["id"])
        yield Event(actor, "edc.sealed", name, {"file": hashlib.sha256(octets).hexdigest()})
