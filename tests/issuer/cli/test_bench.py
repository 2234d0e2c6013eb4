"""The bench in a short form: it runs, and prints its rows; how fast is nobody's test."""

import json
import socket
import threading

import pytest

from badges.errors import NotSealable, ProofInvalid
from badges.proofs import canon, known_shapes, plain_pyld
from issuer.cli import bench
from issuer.cli.bench_claims import Claims, measure_claims
from issuer.cli.bench_contenders import CONTENDERS, Desk
from issuer.cli.bench_wallets import Claim, Phone
from issuer.cli.bench_workload import drafts
from issuer.cli.program import run
from issuer.errors import DemoFailed
from issuer.oid4vci.model import Format


@pytest.fixture(scope="module")
def desk():
    return Desk()


def test_prints_a_row_for_every_contender(capsys, monkeypatch):
    monkeypatch.setattr(bench, "WARM_UP", 2)
    assert run(["bench", "--rounds", "1", "--claims", "0", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in printed["rows"]] == [c.name for c in CONTENDERS]
    assert all(row["microseconds"] > 0 and row["per_second"] > 0 for row in printed["rows"])
    yardsticks = [row for row in printed["rows"] if row["ratio"] is None]
    assert len(yardsticks) == 2
    assert [row["limit"] for row in printed["edc"]] == [250, 250, 250, 10, 10]
    assert all(row["milliseconds"] > 0 for row in printed["edc"])


def test_refuses_no_rounds_at_all():
    assert run(["bench", "--rounds", "0"]) == 64


def test_every_contender_does_real_work(desk):
    (draft,) = drafts(1)
    sealed = desk.issue_plainly(draft)
    desk.verify(sealed)
    desk.verify_plainly(desk.issue(draft))
    with pytest.raises(ProofInvalid):
        desk.verify_plainly(sealed.replace(b"Ana-0", b"Eva-0"))
    with pytest.raises(ProofInvalid):
        desk.verify(sealed.replace(b"Ana-0", b"Eva-0"))
    with pytest.raises(NotSealable):
        desk.issue(draft | {"validFrom": "yesterday"})


def test_pyld_alone_and_the_product_agree_on_the_workload():
    for draft in drafts(5):
        assert plain_pyld.canonicalize(draft) == canon.canonicalize(draft)


def test_templates_are_used_again_after_a_run():
    bench.run(1, warm_up=1)
    assert known_shapes.memo().templates


@pytest.mark.slow
def test_wallets_claim_over_http_from_two_processes():
    figures = measure_claims(2)
    assert [figure.format for figure in figures] == list(Format)
    assert all(figure.claims == 2 and figure.seconds > 0 for figure in figures)
    assert all(figure.milliseconds is None or figure.milliseconds > 0 for figure in figures)
    assert all(figure.wallets > 0 for figure in figures)


def test_what_two_cores_can_do_counts_the_wallets_too():
    figure = Claims(Format.LDP_VC, claims=10, milliseconds=15.0, wallets=5.0, seconds=1.0)
    assert figure.two_cores == 100


def test_a_service_that_closes_the_connection_is_a_failed_claim():
    def hang_up(door):
        door.accept()[0].close()

    link = "openid-credential-offer://?credential_offer_uri=http%3A%2F%2Fx%2Fo%2Fy"
    door = socket.create_server(("127.0.0.1", 0))
    with door, Phone(door.getsockname()[1], patience=5) as phone:
        threading.Thread(target=hang_up, args=(door,)).start()
        with pytest.raises(DemoFailed, match="a claim failed"):
            phone.claim_all([Claim(link)])


def test_no_claims_start_no_processes():
    assert measure_claims(0) == []
