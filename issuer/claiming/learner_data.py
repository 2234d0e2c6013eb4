"""Everything the service holds about one learner, as a ZIP of files that programs can read.

Spec: GDPR articles 15 (access) and 20 (portability).
Shape: JSON in UTF-8, credentials exactly as they were issued; ``about.json`` says what is where.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Table, select

from issuer.audit.store import rows as audit_rows
from issuer.awarding.decision_json import from_json
from issuer.awarding.formats import FORMATS
from issuer.awarding.person import same_person
from issuer.db.after_tables import notice
from issuer.db.edc_tables import edc_file
from issuer.db.oid4vci_tables import oid4vci_log, oid4vci_offer
from issuer.db.tables import (
    achievement,
    award,
    claim,
    consent_text,
    issuance,
    issuance_draft,
    issuance_proof,
    mail,
    organisation,
    status_entry,
)
from issuer.instance import Instance

__all__ = ["awards_of_person", "export", "made_before"]

ABOUT = {
    "about.json": "this list",
    "awards.json": "what was decided about the learner, where it stands and why",
    "credentials/": "the credentials, exactly as they were issued",
    "europass/": "the same as European Digital Credentials",
    "links.json": "links that were sent, when they were opened and used, which text was shown",
    "wallets.json": "what wallets did with offers",
    "mails.json": "mails to the learner: when, and whether they arrived (their texts are not kept)",
    "audit.jsonl": "lines of the audit log about these awards",
    "texts.json": "the texts about data that were shown",
}


def awards_of_person(
    connection: Connection, organisation_ids: Iterable[int], award_id: int
) -> list[int]:
    """Return the awards these organisations made to the person of one award; none when erased."""
    found = connection.scalar(
        select(award.c.content).where(award.c.id == award_id, award.c.erased_at.is_(None))
    )
    if found is None:
        return []
    person = same_person(from_json(found).learner)
    query = (
        select(award.c.id, award.c.content)
        .join(achievement, achievement.c.id == award.c.achievement_id)
        .where(achievement.c.organisation_id.in_(list(organisation_ids)))
        .where(award.c.erased_at.is_(None))
        .order_by(award.c.id)
    )
    return [
        row.id
        for row in connection.execute(query)
        if same_person(from_json(row.content).learner) == person
    ]


def export(instance: Instance, connection: Connection, award_ids: Sequence[int]) -> bytes:
    """Return all there is about the learner of these awards."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        about = {
            "service": instance.settings.origin,
            "made_at": instance.now(),
            "files": ABOUT,
        }
        archive.writestr("about.json", _json(about))
        archive.writestr("awards.json", _json(_awards(connection, award_ids)))
        for name, content in _credentials(connection, award_ids):
            archive.writestr(name, content)
        links = _rows(connection, claim, claim.c.award_id, award_ids, without={"code_hash"})
        archive.writestr("links.json", _json(links))
        archive.writestr("wallets.json", _json(_wallets(connection, award_ids)))
        archive.writestr("mails.json", _json(_mails(connection, award_ids)))
        archive.writestr("audit.jsonl", b"".join(_audit(connection, award_ids)))
        shown = [link["consent_id"] for link in links if link["consent_id"]]
        texts = _rows(connection, consent_text, consent_text.c.id, shown)
        archive.writestr("texts.json", _json(texts))
    return target.getvalue()


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)


def _rows(
    connection: Connection,
    table: Table,
    column: Any,
    values: Sequence[int],
    without: Iterable[str] = (),
) -> list[dict[str, Any]]:
    names = [found for found in table.c if found.name not in set(without)]
    query = select(*names).where(column.in_(list(values)))
    return [dict(row) for row in connection.execute(query).mappings()]


def _awards(connection: Connection, award_ids: Sequence[int]) -> list[dict[str, Any]]:
    query = (
        select(
            award.c.id,
            organisation.c.name.label("awarding_body"),
            achievement.c.key.label("achievement"),
            achievement.c.version,
            award.c.awarded_on,
            award.c.created_at,
            award.c.replaces_id,
            award.c.content,
        )
        .join(achievement, achievement.c.id == award.c.achievement_id)
        .join(organisation, organisation.c.id == achievement.c.organisation_id)
        .where(award.c.id.in_(award_ids))
        .order_by(award.c.id)
    )
    found = []
    for row in connection.execute(query).mappings():
        decision = orjson.loads(row["content"])
        kept = {name: value for name, value in row.items() if name != "content"}
        found.append(kept | {"decision": decision, "issued": _issued(connection, row["id"])})
    return found


def _issued(connection: Connection, award_id: int) -> list[dict[str, Any]]:
    columns = ("id", "credential_id", "format", "holder", "state", "signed_at", "published_at")
    query = select(*(issuance.c[name] for name in columns)).where(issuance.c.award_id == award_id)
    found = [dict(row) for row in connection.execute(query).mappings()]
    told = select(
        status_entry.c.purpose,
        status_entry.c.set_at,
        status_entry.c.public_reason,
        status_entry.c.internal_reason,
    )
    for one in found:
        entries = connection.execute(told.where(status_entry.c.issuance_id == one["id"]))
        one["status"] = [dict(entry) for entry in entries.mappings()]
    return found


def _credentials(connection: Connection, award_ids: Sequence[int]) -> Iterable[tuple[str, bytes]]:
    query = (
        select(
            issuance.c.credential_id,
            issuance.c.format,
            issuance_draft.c.bytes.label("draft"),
            issuance_proof.c.bytes.label("proof"),
        )
        .join(issuance_draft, issuance_draft.c.issuance_id == issuance.c.id)
        .join(issuance_proof, issuance_proof.c.issuance_id == issuance.c.id)
        .where(issuance.c.award_id.in_(award_ids))
    )
    for row in connection.execute(query):
        made = FORMATS[row.format]
        name = row.credential_id.rpartition(":")[2]
        document = made.join(bytes(row.draft), bytes(row.proof))
        yield f"credentials/{name}.{made.extension}", document
    sealed = select(edc_file.c.award_id, edc_file.c.sealed).where(
        edc_file.c.award_id.in_(award_ids), edc_file.c.sealed.is_not(None)
    )
    for file in connection.execute(sealed):
        yield f"europass/award-{file.award_id}.jsonld", bytes(file.sealed)


def _wallets(connection: Connection, award_ids: Sequence[int]) -> list[dict[str, Any]]:
    offers = _rows(
        connection, oid4vci_offer, oid4vci_offer.c.award_id, award_ids, without={"tx_code_hash"}
    )
    for offer in offers:
        offer["steps"] = _rows(connection, oid4vci_log, oid4vci_log.c.offer_id, [offer["id"]])
    return offers


def _mails(connection: Connection, award_ids: Sequence[int]) -> list[dict[str, Any]]:
    notices = _rows(connection, notice, notice.c.award_id, award_ids)
    subjects = {"claim": list(award_ids), "notice": [found["id"] for found in notices]}
    sent: list[dict[str, Any]] = []
    for kind, numbers in subjects.items():
        query = select(mail).where(mail.c.kind == kind, mail.c.subject_id.in_(numbers))
        sent += [
            {name: value for name, value in row.items() if name != "token"}
            for row in connection.execute(query).mappings()
        ]
    return [{"notices": notices, "mails": sent}]


def _audit(connection: Connection, award_ids: Sequence[int]) -> Iterable[bytes]:
    """Give the lines that name one of these awards, one of their issuances or credentials."""
    query = select(issuance.c.id, issuance.c.credential_id)
    issued = connection.execute(query.where(issuance.c.award_id.in_(award_ids))).all()
    subjects = {f"award:{number}" for number in award_ids}
    subjects |= {f"issuance:{row.id}" for row in issued} | {row.credential_id for row in issued}
    for row in audit_rows(connection):
        if orjson.loads(row.line)["subject"] in subjects:
            yield row.line + b"\n"


def made_before(moment: datetime) -> str:
    """Return the name of an export made at `moment`: it tells nothing about whose it is."""
    return f"learner-data-{moment:%Y-%m-%d}.zip"
