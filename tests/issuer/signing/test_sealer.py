"""The seal a service has: configured, thrown together for a demonstration, or none."""

from datetime import UTC, datetime, timedelta

import pytest

from badges.errors import NotSealable
from badges.proofs import jades
from badges.proofs.jades import Level, SealTrust
from issuer.errors import SealKeyUnusable
from issuer.instance import Instance
from issuer.settings import Settings
from issuer.signing.sealer import has_sealer, keep_test_seal, sealer_of
from issuer.signing.test_seal import make_test_seal, to_pkcs12
from issuer.signing.trust_folder import TrustFolder

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
OWNER = {"identifier": "VATBE-0", "country": "BE"}


def service(tmp_path, phrase="open sesame", now=NOW, **settings):
    found = Settings(data=tmp_path, **settings)
    return Instance(found, engine=None, passphrase=phrase, now=lambda: now)


def test_a_service_without_seal_says_how_to_get_one(tmp_path):
    instance = service(tmp_path)
    assert not has_sealer(instance)
    with pytest.raises(SealKeyUnusable, match="LEARNSEAL_SEAL_KEY"):
        sealer_of(instance)


def test_a_kept_test_seal_is_the_same_after_a_restart(tmp_path):
    first = keep_test_seal(service(tmp_path), "Nordlicht", **OWNER)
    again = keep_test_seal(service(tmp_path), "Somebody else", **OWNER)
    assert again.key.certificate_chain == first.key.certificate_chain
    assert again.is_test


def test_a_service_knows_its_own_test_seal(tmp_path):
    octets = keep_test_seal(service(tmp_path), "Nordlicht", **OWNER).seal("{}", NOW)
    report = jades.verify(octets, TrustFolder(tmp_path / "trust").anchors(NOW), NOW)
    assert (report.level, report.trust) == (Level.T, SealTrust.TEST)
    assert "test-seal" in {finding.code for finding in report.findings}


def test_the_key_files_are_for_the_service_alone(tmp_path):
    keep_test_seal(service(tmp_path), "Nordlicht", **OWNER)
    files = list((tmp_path / "seal").iterdir())
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert all(b"PRIVATE KEY" not in file.read_bytes() for file in files)


def test_another_passphrase_opens_no_seal(tmp_path):
    keep_test_seal(service(tmp_path), "Nordlicht", **OWNER)
    with pytest.raises(SealKeyUnusable, match="passphrase"):
        sealer_of(service(tmp_path, phrase="wrong"))


def test_the_settings_name_the_seal(tmp_path):
    made = make_test_seal("ECIU", now=NOW, **OWNER)
    (tmp_path / "eciu.p12").write_bytes(to_pkcs12(made.key, b"other secret"))
    (tmp_path / "pin").write_text("other secret\n")
    place = f"file:{tmp_path}/eciu.p12"
    instance = service(tmp_path, seal_key=place, seal_passphrase_file=tmp_path / "pin")
    assert sealer_of(instance).identity.legal_name == "ECIU"
    assert jades.verify(sealer_of(instance).seal("{}", NOW), made.anchors, NOW).level is Level.B


def test_a_configured_seal_that_is_gone_is_not_replaced_by_a_test_seal(tmp_path):
    instance = service(tmp_path, seal_key=f"file:{tmp_path}/gone.p12")
    with pytest.raises(SealKeyUnusable, match="cannot be read"):
        keep_test_seal(instance, "Nordlicht", **OWNER)


def test_an_old_test_seal_seals_nothing(tmp_path):
    keep_test_seal(service(tmp_path), "Nordlicht", **OWNER)
    later = NOW + timedelta(days=91)
    with pytest.raises(NotSealable, match="renew it"):
        sealer_of(service(tmp_path, now=later)).seal("{}", later)
