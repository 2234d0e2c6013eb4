"""EDC of batches, by workers: converted, checked, sealed and kept a chunk at a time.

Shape: whether a batch gets EDC is decided when its list is kept: it does where this service has an
e-seal. The badges go out first; then each chunk finds out from the rows what is left, so doing it
twice, or by two workers at once, seals nobody twice. What one award lacks is kept as its refusal;
what the service lacks (a key, a timestamp) stops the chunk, which is tried again.
"""

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding import batch_store
from issuer.awarding.person_row import Problem
from issuer.db.session import reading, unit_of_work
from issuer.edc import job_store as store
from issuer.edc.exporting import seal_some
from issuer.edc.job_store import Progress
from issuer.instance import Instance
from issuer.signing.sealer import sealer_of

__all__ = ["CHUNK", "do_chunk", "plan", "problems_of", "progress_of"]

CHUNK = 100
"""Awards of one job: what a crash makes us look at again."""


def plan(instance: Instance, batch_id: int) -> list[tuple[int, int]]:
    """Return the chunks that are left to seal; a batch that has nothing left is done."""
    with unit_of_work(instance.engine) as connection:
        if batch_store.is_cancelled(connection, batch_id):
            return []
        left = store.chunks_left(connection, batch_id, CHUNK)
    if not left:
        _finish(instance, batch_id)
    return left


def do_chunk(instance: Instance, batch_id: int, first: int, last: int) -> None:
    """Seal what is left between two issuances of a batch.

    Raises:
        NotSealable, SealKeyUnusable: the certificate or its key is not fit to seal.
        TimestampUnavailable, TimestampInvalid: a timestamp could not be had.
    """
    with reading(instance.engine) as connection:
        if batch_store.is_cancelled(connection, batch_id):
            return
        numbers = store.left(connection, batch_id, first, last)
        actor = batch_store.by_number(connection, batch_id).actor
    if numbers:
        refused = seal_some(instance, numbers, sealer_of(instance), actor)
        reasons = {number: f"{error.code}: {error}" for number, error in refused.items()}
        _refuse(instance, reasons, actor)
    _finish(instance, batch_id)


def _refuse(instance: Instance, reasons: dict[int, str], actor: str) -> None:
    if not reasons:
        return
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        new = store.keep_refusals(connection, reasons, now)
        append(connection, [Event(actor, "edc.refused", f"award:{each}", {}) for each in new], now)


def _finish(instance: Instance, batch_id: int) -> None:
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        if store.finish(connection, batch_id, now):
            event = Event("worker", "batch.sealed", f"batch:{batch_id}", {})
            append(connection, [event], now)


def progress_of(instance: Instance, batch_id: int) -> Progress | None:
    """Return how far a batch's EDC are; None where it gets none."""
    with reading(instance.engine) as connection:
        return store.progress(connection, batch_id)


def problems_of(instance: Instance, batch_id: int) -> list[Problem]:
    """Return the rows whose award gets no EDC, and what is to be mended before `batch resume`."""
    with reading(instance.engine) as connection:
        found = store.refusals(connection, batch_id)
    return [
        Problem(row, "", "", f"no EDC: {reason}", "mend it and resume the list")
        for row, reason in found
    ]
