import json
from datetime import UTC, datetime

import pytest

from badges.edc.rules import check_edc
from issuer.cli.program import run
from issuer.edc.shapes import install_shapes, installed_shapes, place_of
from issuer.errors import ShapesUnusable
from issuer.signing.test_seal import make_test_seal, to_pkcs12

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")


@pytest.fixture
def badge(shared):
    return shared / "openbadges/samples/fullOpenBadge.json"


@pytest.fixture
def unsealed(tmp_path, badge):
    out = tmp_path / "edc.json"
    assert run(["edc", "convert", str(badge), "--out", str(out)]) == 0
    return out


@pytest.fixture
def key(tmp_path):
    now = datetime.now(UTC)
    seal = make_test_seal("1EdTech University", identifier="NTRUS-1", country="US", now=now)
    (tmp_path / "seal.p12").write_bytes(to_pkcs12(seal.key, b"secret"))
    (tmp_path / "secret").write_text("secret\n")
    return [f"--key=file:{tmp_path / 'seal.p12'}", f"--passphrase-file={tmp_path / 'secret'}"]


def test_a_badge_becomes_an_edc_with_questions_and_losses(badge, unsealed, capsys):
    assert run(["edc", "convert", str(badge)]) == 0
    made = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {one["key"] for one in made["missing"]} >= {
        "learner.given_name",
        "issuer.legal_identifier",
    }
    assert {"path", "fate", "because", "count"} == set(made["losses"][0])
    assert json.loads(unsealed.read_text())["id"].startswith("urn:credential:")


def test_without_a_needed_answer_there_is_no_document(shared, tmp_path, capsys):
    basic = str(shared / "openbadges/samples/basicOpenBadgeCredential.json")
    assert run(["edc", "convert", basic]) == 64
    made = json.loads(capsys.readouterr().out)
    assert made["document"] is None
    answers = {one["key"]: "IE" for one in made["missing"] if one["need"] == "europass"}
    (tmp_path / "answers.json").write_text(json.dumps(answers))
    assert run(["edc", "convert", basic, "--answers", str(tmp_path / "answers.json")]) == 0


def test_an_edc_becomes_a_badge(shared, capsys):
    sample = shared / "edc/samples/official/AA-Annex1-MC-unsigned.json"
    assert run(["edc", "convert", str(sample)]) == 0
    assert "OpenBadgeCredential" in json.loads(capsys.readouterr().out)["document"]["type"]


def test_sealing_checks_fills_in_and_verifies(unsealed, key, tmp_path, capsys):
    out = tmp_path / "sealed.jsonld"
    assert run(["edc", "seal", str(unsealed), *key, "--out", str(out)]) == 0
    assert "test seal" in capsys.readouterr().err
    assert run(["edc", "verify", str(out), "--json", "--data", str(tmp_path)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] != "valid"
    assert [one["outcome"] for one in report["findings"] if one["check"] == "proof"] == ["passed"]
    payload = json.loads(json.loads(out.read_text())["payload"])
    assert payload["issuer"]["eIDASIdentifier"]["notation"] == "NTRUS-1"
    assert not [one for one in check_edc(payload) if one.severity == "error"]


def test_a_changed_file_does_not_verify(unsealed, key, tmp_path):
    out = tmp_path / "sealed.jsonld"
    run(["edc", "seal", str(unsealed), *key, "--out", str(out)])
    out.write_text(out.read_text().replace("1EdTech", "2EdTech", 1))
    assert run(["edc", "verify", str(out), "--data", str(tmp_path)]) == 1


def test_what_europass_would_refuse_is_not_sealed(unsealed, key, tmp_path, capsys):
    document = json.loads(unsealed.read_text())
    document["validFrom"] = "2026-11-23"
    unsealed.write_text(json.dumps(document))
    out = tmp_path / "sealed.jsonld"
    assert run(["edc", "seal", str(unsealed), *key, "--out", str(out)]) == 64
    assert "validFrom" in capsys.readouterr().err
    assert not out.exists()


def test_a_sealed_file_is_not_sealed_again(shared, key, capsys):
    sample = shared / "edc/samples/official/Sample-CertOfPart-signed.jsonld"
    assert run(["edc", "seal", str(sample), *key]) == 64
    assert "sealed already" in capsys.readouterr().err


def test_without_a_key_nothing_is_sealed(unsealed, capsys, monkeypatch):
    monkeypatch.delenv("LEARNSEAL_SEAL_KEY", raising=False)
    assert run(["edc", "seal", str(unsealed)]) == 64
    assert "--key" in capsys.readouterr().err


def test_validation_says_what_to_mend(shared, tmp_path, capsys):
    sample = shared / "edc/samples/mynextid/edc-mc-signed.jsonld"
    assert run(["edc", "validate", str(sample), "--data", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "relatedESCOSkill" in said
    assert "install-shapes" in said


def test_with_the_official_shapes_installed_both_are_asked(shared, tmp_path, capsys):
    pytest.importorskip("pyshacl")
    assert run(["edc", "install-shapes", str(shared / "edc"), "--data", str(tmp_path)]) == 0
    capsys.readouterr()
    sample = shared / "edc/samples/official/Sample-CertOfPart-signed.jsonld"
    assert run(["edc", "validate", str(sample), "--json", "--data", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["official_shapes"] == []


def test_a_draft_for_upload_is_judged_as_a_draft(shared, tmp_path, capsys):
    pytest.importorskip("pyshacl")
    install_shapes(shared / "edc", tmp_path)
    sample = shared / "edc/samples/official/AA-Annex1-MC-unsigned.json"
    assert run(["edc", "validate", str(sample), "--json", "--data", str(tmp_path)]) == 0


def test_only_the_known_shapes_are_installed_and_used(shared, tmp_path):
    with pytest.raises(ShapesUnusable, match="no such folder"):
        install_shapes(tmp_path / "nowhere", tmp_path)
    with pytest.raises(ShapesUnusable, match="is not there"):
        install_shapes(tmp_path, tmp_path)
    assert not place_of(tmp_path).exists()
    install_shapes(shared / "edc", tmp_path)
    file = place_of(tmp_path) / "EDC-generic-full.ttl"
    file.write_text(file.read_text() + "\n")
    with pytest.raises(ShapesUnusable, match="digest differs"):
        installed_shapes(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "not json", '{"payload": 5, "signatures": []}'])
@pytest.mark.parametrize("verb", ["convert", "validate"])
def test_what_is_no_credential_is_refused_with_a_reason(verb, content, tmp_path, capsys):
    file = tmp_path / "wrong.json"
    file.write_text(content)
    assert run(["edc", verb, str(file)]) in (1, 64)
    captured = capsys.readouterr()
    assert captured.err or captured.out


def test_a_file_that_is_not_there_is_named(capsys):
    assert run(["edc", "validate", "nowhere.json"]) == 64
    assert "nowhere.json" in capsys.readouterr().err
