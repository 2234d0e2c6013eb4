"""What happened, queued in the commit it happened in, for the webhooks that want it.

Shape: ``{"type", "timestamp", "data": {…}}``; ids only. Told are the organisation that awards and
the one that signs. Where nobody listens it costs one query.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from issuer.db.tables import achievement, award, batch, issuance, organisation
from issuer.webhooks import store
from issuer.webhooks.model import Kind, State, Webhook

__all__ = ["batch_finished", "changed", "issued"]

AT_ONCE = 500
"""Ids of one query."""


def issued(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    """Tell that these issuances are there for their learners, and which are in a wallet with that.

    A copy for a wallet is published by the commit that hands it out: the same wallet that asks
    again gets the same copy, and nothing is told again.
    """
    if hooks := store.open_hooks(connection):
        for some in _chunks(numbers):
            mine = issuance.c.id.in_(some)
            _tell(connection, hooks, Kind.ISSUED, _facts(connection, mine), now)
            taken = _facts(connection, mine & (issuance.c.holder != ""))
            _tell(connection, hooks, Kind.CLAIMED, taken, now)


def changed(connection: Connection, awards: Sequence[int], kind: Kind, now: datetime) -> None:
    """Tell that every credential of these awards was revoked, suspended or reinstated."""
    if hooks := store.open_hooks(connection):
        for some in _chunks(awards):
            mine = issuance.c.award_id.in_(some) & (issuance.c.state == "published")
            _tell(connection, hooks, kind, _facts(connection, mine), now)


def batch_finished(connection: Connection, batch_id: int, now: datetime) -> None:
    """Tell that nothing of a batch is left to do."""
    if hooks := store.open_hooks(connection):
        query = (
            select(batch.c.id.label("batch"), achievement.c.key, organisation.c.slug)
            .add_columns(organisation.c.id.label("body"), batch.c.organisation_id.label("issuer"))
            .join(achievement, achievement.c.id == batch.c.achievement_id)
            .join(organisation, organisation.c.id == achievement.c.organisation_id)
            .where(batch.c.id == batch_id)
        )
        found = connection.execute(query).mappings().all()
        _tell(connection, hooks, Kind.FINISHED, [dict(row) for row in found], now)


def _chunks(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))


def _facts(connection: Connection, which: Any) -> list[dict[str, Any]]:
    query = (
        select(issuance.c.credential_id, award.c.id.label("award"), achievement.c.key)
        .add_columns(organisation.c.slug, organisation.c.id.label("body"))
        .add_columns(issuance.c.organisation_id.label("issuer"))
        .join(award, award.c.id == issuance.c.award_id)
        .join(achievement, achievement.c.id == award.c.achievement_id)
        .join(organisation, organisation.c.id == achievement.c.organisation_id)
        .where(which)
        .order_by(issuance.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _tell(
    connection: Connection,
    hooks: Sequence[Webhook],
    kind: Kind,
    facts: Iterable[Mapping[str, Any]],
    now: datetime,
) -> None:
    rows = []
    for fact in facts:
        event_id, body = f"evt_{secrets.token_hex(16)}", _body(kind, fact, now)
        for hook in hooks:
            if hook.organisation_id in {fact["body"], fact["issuer"]} and kind in hook.kinds:
                told = {"webhook_id": hook.id, "event_id": event_id, "type": kind, "body": body}
                rows.append({**told, "state": State.WAITING, "due_at": now, "created_at": now})
    store.queue(connection, rows)


def _body(kind: Kind, fact: Mapping[str, Any], now: datetime) -> str:
    data = {name: fact[name] for name in ("credential_id", "award", "batch") if name in fact}
    data |= {"achievement": fact["key"], "organisation": fact["slug"]}
    moment = now.astimezone(UTC).isoformat()
    return orjson.dumps({"type": kind, "timestamp": moment, "data": data}).decode()
