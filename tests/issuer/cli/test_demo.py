"""`learnseal demo`: the main job, and nothing left behind but what was issued."""

import json
import stat

import pytest


def test_leaves_one_file_for_each_credential(demo, issued):
    assert len(issued) == 37
    assert len(list((demo / "issued/revoked").glob("*.json"))) == 1
    assert all("proof" in json.loads(path.read_text()) for path in issued)


@pytest.mark.slow
def test_works_at_another_address_and_the_data_folder_remembers_it(run, tmp_path):
    folder = tmp_path / "demo"
    assert run("demo", "--once", "--data", folder, "--port", "8901", "--tls").returncode == 0
    (first, *_) = sorted((folder / "issued").glob("*.json"))
    assert "localhost%3A8901" in json.loads(first.read_text())["issuer"]["id"]
    assert run("verify", first, "--data", folder).returncode == 0
    assert (folder / "tls/ca.pem").is_file()


@pytest.mark.slow
def test_organisations_may_be_named_by_their_keys(run, tmp_path):
    folder = tmp_path / "demo"
    assert run("demo", "--once", "--data", folder, "--did", "key").returncode == 0
    for path in (folder / "issued").glob("*.json"):
        assert json.loads(path.read_text())["issuer"]["id"].startswith("did:key:")


def test_does_not_take_away_what_no_demo_made(run, tmp_path):
    (tmp_path / "thesis.txt").write_text("three years of work")
    done = run("demo", "--once", "--data", tmp_path)
    assert done.returncode == 64
    assert "--data" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_secrets_are_for_the_owner_only(demo):
    for path in (demo / "passphrase", *(demo / "keys").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_private_key_is_in_clear_anywhere(demo):
    for path in demo.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"PRIVATE KEY" not in content, path
            assert b"privateKey" not in content, path
