"""Awards as European Digital Credentials: drafts for upload, and files sealed here.

Shape: the text is written from the award, checked, and kept; what is kept is sealed, checked and
kept beside it. Each step is one commit; asking again gives the same file. The signed Open Badge
travels inside, so that revoking it revokes both.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy.exc import IntegrityError

from badges.award import Award, Organisation
from badges.edc.building import EIDAS, language_code
from badges.edc.pictures import picture_of
from badges.edc.write import Issue, Page, frozen, write_edc, write_upload
from badges.errors import BadgeError
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding.model import Issuance
from issuer.awarding.seats import Room
from issuer.awarding.service import credential_bytes
from issuer.db.session import reading, unit_of_work
from issuer.edc import store
from issuer.edc.page_image import draw_page
from issuer.edc.page_text import describe, spoken
from issuer.errors import IssuerError
from issuer.instance import Instance
from issuer.organisations.model import Organisation as Registered
from issuer.organisations.service import root
from issuer.signing.sealer import keep_test_seal
from issuer.signing.sealing import Sealer

__all__ = ["TEST_NOTICE", "Batch", "demo_sealer", "draft", "draw_pages", "seal_many", "sealed"]

TEST_NOTICE = "TEST SEAL: this page and its seal have no legal effect"


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
    award, issue = _facts(instance, number, None)
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
    kept = _kept(instance, number) or _intend(instance, number, sealer, actor)
    return kept.sealed or _seal(instance, number, sealer, kept.payload, actor)


def seal_many(
    instance: Instance,
    numbers: Sequence[int],
    sealer: Sealer,
    *,
    actor: str = "service",
    tell: Callable[[int], None] | None = None,
) -> Batch:
    """Seal many; what was sealed before is left as it is, so a stopped run can be repeated."""
    done, refused = [], {}
    for place, number in enumerate(numbers, 1):
        try:
            sealed(instance, number, sealer, actor)
        except (BadgeError, IssuerError) as error:
            refused[number] = str(error)
        else:
            done.append(number)
        if tell:
            tell(place)
    return Batch(tuple(done), refused)


def _kept(instance: Instance, number: int) -> store.File | None:
    with reading(instance.engine) as connection:
        return store.file_of(connection, number)


def _intend(instance: Instance, number: int, sealer: Sealer, actor: str) -> store.File:
    award, issue = _facts(instance, number, sealer)
    payload = frozen(write_edc(award, issue))
    event = _event(actor, "edc.intended", issue, payload)
    try:
        with unit_of_work(instance.engine) as connection:
            store.keep_payload(connection, number, payload, instance.now())
            append(connection, [event], instance.now())
    except IntegrityError:
        pass  # somebody else was first: theirs is read below
    kept = _kept(instance, number)
    if kept is None:
        raise IssuerError("the text to be sealed could not be kept")
    return kept


def _seal(instance: Instance, number: int, sealer: Sealer, payload: bytes, actor: str) -> bytes:
    now = instance.now()
    octets = sealer.seal(payload.decode(), now)
    name = str(orjson.loads(payload)["id"])
    detail: dict[str, str | int] = {"file": hashlib.sha256(octets).hexdigest()}
    with unit_of_work(instance.engine) as connection:
        if store.keep_sealed(connection, number, octets, now):
            append(connection, [Event(actor, "edc.sealed", name, detail)], now)
            return octets
    first = _kept(instance, number)
    return (first and first.sealed) or octets


def _event(actor: str, action: str, issue: Issue, payload: bytes) -> Event:
    return Event(actor, action, issue.credential_id, {"bytes": len(payload)})


def _facts(instance: Instance, number: int, sealer: Sealer | None) -> tuple[Award, Issue]:
    badge = credential_bytes(instance, number)
    with reading(instance.engine) as connection:
        issuance, award = store.award_of(Room(instance, connection), number)
        alliance = root(connection)
    issuer = _issuer(award, alliance, sealer)
    name = _edc_id(issuance)
    pages = draw_pages(
        award,
        issuer=issuer,
        url=f"{instance.settings.origin}/verify",
        credential_id=name,
        notice=TEST_NOTICE if sealer and sealer.is_test else "",
    )
    issue = Issue(
        credential_id=name,
        issued=instance.now(),
        pages=pages,
        issuer=issuer,
        seal=sealer.identity if sealer else None,
        mandate=_mandate(award, issuer),
        badge=badge.document if issuance.format == store.OPEN_BADGE else None,
        badge_id=issuance.credential_id,
        is_draft=sealer is None,
    )
    return award, issue


def _edc_id(issuance: Issuance) -> str:
    return f"urn:credential:{issuance.credential_id.rpartition(':')[2]}"


def _issuer(award: Award, alliance: Registered, sealer: Sealer | None) -> Organisation:
    """Return who seals: the organisation the certificate names, else the alliance."""
    own = award.awarding_body
    if sealer and sealer.identity.legal_name == own.legal_name:
        return own
    return alliance.particulars


def _mandate(award: Award, issuer: Organisation) -> str:
    """Say on whose behalf an alliance seals; nothing where the awarding body seals itself."""
    bodies = [body.legal_name for body in award.achievement.bodies]
    if issuer.legal_name in bodies:
        return ""
    return f"{issuer.legal_name} seals this credential on behalf of {', '.join(bodies)}."


def draw_pages(
    award: Award,
    *,
    issuer: Organisation | None = None,
    url: str = "",
    credential_id: str = "",
    notice: str = "",
) -> tuple[Page, ...]:
    """Draw the page of an award in each language of its title."""
    logo = picture_of(award.achievement.bodies[0].logo or "")
    found = []
    for language in _languages(award):
        page = describe(
            award, language, issuer=issuer, url=url, credential_id=credential_id, notice=notice
        )
        image = draw_page(page, logo=logo.octets if logo else None)
        found.append(Page(language, image, spoken=spoken(page)))
    return tuple(found)


def _languages(award: Award) -> Iterator[str]:
    wanted = (award.language, *award.achievement.title)
    titled = {tag.partition("-")[0].casefold() for tag in award.achievement.title}
    seen = set()
    for tag in wanted:
        language = tag.partition("-")[0].casefold()
        if language in titled and language not in seen and language_code(language):
            seen.add(language)
            yield language
