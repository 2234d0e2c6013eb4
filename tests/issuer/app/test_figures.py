"""What `/metrics` tells Prometheus, of the process and of its store."""

from dataclasses import replace

from fastapi.testclient import TestClient

from issuer.app import create_app
from issuer.app.figures import count_report
from issuer.db import session
from issuer.db.session import unit_of_work
from issuer.status.model import Purpose
from issuer.status.publication import publish_due
from issuer.status.service import reserve


def scraped(instance):
    text = TestClient(create_app(instance)).get("/metrics").text
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def test_the_store_tells_what_is_on_its_way_and_how_old_lists_are(
    instance, alliance, achievements, issuance_rows, clock
):
    issuance_rows(3)
    publish_due(instance)
    clock.forward(minutes=5)
    found = scraped(instance)
    assert found["learnseal_store_up"] == 1
    assert found["learnseal_issuances"] == 3
    assert found['learnseal_issuances_open{state="reserved"}'] == 3
    assert found['learnseal_issuances_open{state="signed"}'] == 0
    assert found["learnseal_audit_lines"] >= 1
    ages = [v for name, v in found.items() if name.startswith("learnseal_status_list_age_seconds")]
    assert all(age == 300 for age in ages)


def test_lists_have_versions_and_places(instance, alliance, issuance_rows, clock):
    numbers = issuance_rows(2)
    with unit_of_work(instance.engine) as connection:
        reserve(connection, alliance[1].id, Purpose.REVOCATION, numbers, clock())
    publish_due(instance)
    found = scraped(instance)
    assert found['learnseal_status_places_free{purpose="revocation"}'] == 131_072 - 2
    versions = [v for name, v in found.items() if name.startswith("learnseal_status_list_version")]
    assert versions == [1]


def test_without_a_store_the_figures_of_the_process_are_there(instance, tmp_path):
    down = session.engine(f"sqlite:///{tmp_path}/absent/nowhere.sqlite")
    found = scraped(replace(instance, engine=down))
    assert found["learnseal_store_up"] == 0
    assert found["learnseal_shape_memo_trusted"] == 1
    assert "learnseal_audit_lines" not in found


def test_verdicts_are_counted_by_code(instance):
    report = {
        "verdict": "not_valid",
        "findings": [
            {"check": "proof", "outcome": "passed", "code": "signature-fits"},
            {"check": "status", "outcome": "failed", "code": "revoked"},
        ],
    }
    before = scraped(instance).get('learnseal_findings_total{check="status",code="revoked"}', 0)
    count_report(report)
    after = scraped(instance)
    assert after['learnseal_findings_total{check="status",code="revoked"}'] == before + 1
    assert after['learnseal_verdicts_total{verdict="not_valid"}'] >= 1
    assert not any("signature-fits" in name for name in after)
