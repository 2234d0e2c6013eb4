"""Figures for Prometheus: of this process, and of the store it works on.

Shape: text by route, state, list and code, never by address, person or claim code. Figures of the
store are asked for when somebody looks, by queries that touch few rows; a store that does not
answer leaves its figures out, and `learnseal_store_up` says so.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError
from typing_extensions import override

from issuer.audit import store as audit
from issuer.db.session import reading
from issuer.db.tables import counter, issuance, outbox, status_list
from issuer.instance import Instance
from issuer.signing import checkpoints
from issuer.web.operations import ANSWERS
from issuer.web.request import instance_of

__all__ = ["count_report", "router"]

router = APIRouter(tags=["operators"])
log = logging.getLogger(__name__)

OPEN = ("reserved", "intended", "signed")
"""Issuances on their way; an index holds no other."""

VERDICTS = Counter(
    "learnseal_verdicts", "Credentials checked, by verdict.", ("verdict",), registry=ANSWERS
)
FINDINGS = Counter(
    "learnseal_findings",
    "Findings that failed or could not be had, by check and code.",
    ("check", "code"),
    registry=ANSWERS,
)


def count_report(report: Mapping[str, Any]) -> None:
    """Count what a check found; the codes are our own, never a stranger's text."""
    VERDICTS.labels(report["verdict"]).inc()
    for finding in report["findings"]:
        if finding["outcome"] in {"failed", "unknown"}:
            FINDINGS.labels(finding["check"], finding["code"]).inc()


class StoreFigures(Collector):
    """Figures of one store."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    @override
    def collect(self) -> Iterable[Metric]:
        try:
            with reading(self.instance.engine) as connection:
                found = list(_of_store(self.instance, connection))
        except SQLAlchemyError as error:
            log.warning("the store gives no figures: %s", type(error).__name__)
            found = []
        up = "1 while the store can be read."
        yield GaugeMetricFamily("learnseal_store_up", up, value=float(bool(found)))
        yield from found


def _of_store(instance: Instance, connection: Connection) -> Iterator[Metric]:
    yield from _issuing(connection)
    yield from _lists(instance, connection)
    lines, _ = audit.head(connection)
    yield GaugeMetricFamily("learnseal_audit_lines", "Lines of the audit log.", value=lines)
    path = checkpoints.path_of(instance)
    if path.exists():
        age = instance.now().timestamp() - path.stat().st_mtime
        told = "Seconds since the audit log was last signed."
        yield GaugeMetricFamily("learnseal_audit_checkpoint_age_seconds", told, value=age)


def _issuing(connection: Connection) -> Iterator[Metric]:
    given = connection.scalar(select(counter.c.last).where(counter.c.name == "issuance")) or 0
    yield GaugeMetricFamily(
        "learnseal_issuances", "Issuances there were, whatever became of them.", value=given
    )
    on_way = GaugeMetricFamily(
        "learnseal_issuances_open", "Issuances on their way, by state.", labels=("state",)
    )
    query = select(issuance.c.state, func.count().label("number"))
    query = query.where(issuance.c.published_at.is_(None), issuance.c.state.in_(OPEN))
    rows = {row.state: row.number for row in connection.execute(query.group_by(issuance.c.state))}
    for state in OPEN:
        on_way.add_metric((state,), rows.get(state, 0))
    yield on_way
    waiting = GaugeMetricFamily(
        "learnseal_outbox_waiting", "What follows from commits and is not done.", labels=("topic",)
    )
    open_messages = select(outbox.c.topic, func.count()).where(outbox.c.done_at.is_(None))
    for topic, count in connection.execute(open_messages.group_by(outbox.c.topic)):
        waiting.add_metric((topic,), count)
    yield waiting


def _lists(instance: Instance, connection: Connection) -> Iterator[Metric]:
    free = GaugeMetricFamily(
        "learnseal_status_places_free",
        "Places left in open lists, by purpose.",
        labels=("purpose",),
    )
    left = func.sum(status_list.c.size - status_list.c.allocated)
    query = select(status_list.c.purpose, left).where(status_list.c.closed.is_(False))
    for purpose, count in connection.execute(query.group_by(status_list.c.purpose)):
        free.add_metric((purpose,), count)
    yield free
    version = GaugeMetricFamily(
        "learnseal_status_list_version", "Version of each list.", labels=("list",)
    )
    age = GaugeMetricFamily(
        "learnseal_status_list_age_seconds", "Seconds since it was signed.", labels=("list",)
    )
    rows = connection.execute(
        select(status_list.c.public_id, status_list.c.version, status_list.c.published_at)
    )
    for row in rows:
        version.add_metric((row.public_id,), row.version)
        if row.published_at:
            age.add_metric((row.public_id,), (instance.now() - row.published_at).total_seconds())
    yield version
    yield age


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
def metrics(request: Request) -> Response:
    """Answer with every figure of this process, and of its store."""
    store = CollectorRegistry()
    store.register(StoreFigures(instance_of(request)))
    text = generate_latest(ANSWERS) + generate_latest(store)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})
