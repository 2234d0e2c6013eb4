"""`key`, `audit`, `batch` and `reconcile` as a shell would run them."""

import json

import pytest

from did.public_key import Curve
from did.signers import file
from issuer.db.session import unit_of_work
from issuer.organisations import four_eyes

ENERGY = "energy-positive-neighbourhoods"
ORIGIN = "https://badges.example"


@pytest.fixture
def folder(instance, achievements, tmp_path):
    """The data folder of the alliance of the examples."""
    if instance.engine.dialect.name != "sqlite":
        pytest.skip("the commands find their database in the data folder")
    (tmp_path / "passphrase").write_text("correct horse\n")
    return tmp_path


@pytest.fixture
def learnseal(run, folder):
    def command(*arguments):
        return run(*arguments, data=folder, base_url=ORIGIN)

    return command


def keys(learnseal, slug="halvik"):
    found = [json.loads(line) for line in learnseal("key", "list", "--json").stdout.splitlines()]
    return [(key["key"].rpartition("#")[2], key["state"]) for key in found if slug in key["key"]]


@pytest.fixture
def halvik(learnseal):
    found = [json.loads(line) for line in learnseal("key", "list", "--json").stdout.splitlines()]
    return next(key for key in found if "halvik" in key["key"])


def test_a_key_is_rotated(learnseal, halvik):
    done = learnseal("key", "rotate", halvik["organisation"])
    assert done.returncode == 0, done.stderr
    assert keys(learnseal) == [("key-1", "retired"), ("key-2", "active")]


@pytest.mark.parametrize("verb", ["rotate", "compromise", "export", "import"])
def test_a_dry_run_changes_nothing(learnseal, halvik, folder, verb):
    uri, _ = file.make(folder / "new.key", Curve.ED25519, "correct horse", cost=2**14)
    given = {
        "rotate": [halvik["organisation"]],
        "compromise": [halvik["key"]],
        "export": [halvik["key"], folder / "copy.key"],
        "import": [halvik["organisation"], uri],
    }
    done = learnseal("key", verb, *given[verb], "--dry-run")
    assert (done.returncode, done.stdout[:5]) == (0, "would")
    assert keys(learnseal) == [("key-1", "active")]
    assert not (folder / "copy.key").exists()


def test_a_compromised_key_gets_a_successor(learnseal, halvik):
    done = learnseal("key", "compromise", halvik["key"], "--since", "2026-11-01T00:00:00")
    assert done.returncode == 0, done.stderr
    assert keys(learnseal) == [("key-1", "compromised"), ("key-2", "active")]


def test_a_key_is_imported(learnseal, halvik, folder):
    file.make(folder / "new.key", Curve.ED25519, "correct horse", cost=2**14)
    done = learnseal("key", "import", halvik["organisation"], folder / "new.key")
    assert done.returncode == 0, done.stderr
    assert keys(learnseal) == [("key-1", "retired"), ("key-2", "active")]


def test_a_key_is_exported(learnseal, halvik, folder):
    assert learnseal("key", "export", halvik["key"], folder / "copy.key").returncode == 0
    assert "learnseal-key" in (folder / "copy.key").read_text()


def test_an_unknown_key_is_told(learnseal):
    done = learnseal("key", "compromise", "did:web:nobody.example#key-1")
    assert (done.returncode, "[not-found]" in done.stderr) == (64, True)


def test_the_audit_log_is_verified(learnseal):
    assert learnseal("audit", "checkpoint").returncode == 0
    found = json.loads(learnseal("audit", "verify", "--json").stdout)
    assert found["checkpoints"] == 1


def test_s12_tampering_with_one_line_is_found_and_named_by_the_command(learnseal, instance):
    with instance.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_line_stays")
        connection.exec_driver_sql("UPDATE audit_line SET line = x'7b7d' WHERE seq = 2")
    done = learnseal("audit", "verify")
    assert done.returncode == 64
    assert "line 2 was altered" in done.stderr


def test_a_batch_is_kept_told_cancelled_and_resumed(learnseal, folder):
    path = folder / "list.csv"
    path.write_text("Given name,E-mail\nAna,ana@student.example\nBo,nobody\n")
    done = learnseal(
        "batch", "submit", path, "--achievement", "energy-positive-neighbourhoods", "--json"
    )
    found = json.loads(done.stdout)
    assert (found["stage"], found["counts"]["waiting"], found["counts"]["invalid"]) == (
        "running",
        1,
        1,
    )
    number = found["batch_id"]
    assert "cancelled" in learnseal("batch", "cancel", number).stdout
    assert "running" in learnseal("batch", "resume", number).stdout
    errors = folder / "errors.csv"
    learnseal("batch", "status", number, "--errors", errors)
    assert "nobody" in errors.read_text()


def test_s7_where_two_have_to_look_a_batch_waits_and_nothing_is_awarded_directly(
    learnseal, folder, instance, achievements
):
    with unit_of_work(instance.engine) as connection:
        four_eyes.save(connection, achievements[ENERGY].organisation_id, 0, instance.now())
    path = folder / "list.csv"
    path.write_text("Given name,E-mail\nAna,ana@student.example\n")
    kept = learnseal("batch", "submit", path, "--achievement", ENERGY, "--json")
    assert json.loads(kept.stdout)["stage"] == "awaiting approval"
    number = json.loads(kept.stdout)["batch_id"]
    assert "awaiting approval" in learnseal("batch", "resume", number).stdout
    for command in (("award", path, "--achievement", ENERGY), ("offer", "--achievement", ENERGY)):
        refused = learnseal(*command)
        assert refused.returncode != 0
        assert "second person" in refused.stderr


def test_an_unknown_batch_is_told(learnseal):
    assert learnseal("batch", "status", "4711").returncode == 64


def test_reconciling_a_store_that_needs_none_is_harmless(learnseal):
    assert learnseal("reconcile").returncode == 0
