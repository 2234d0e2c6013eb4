"""`learnseal sign` and `key create`."""

import json

import pytest


@pytest.fixture(scope="module")
def safe(tmp_path_factory):
    """A folder with a key and its passphrase."""
    folder = tmp_path_factory.mktemp("keys")
    (folder / "passphrase").write_text("correct horse battery staple")
    (folder / "wrong").write_text("wrong")
    return folder


@pytest.fixture(scope="module")
def key(run, safe):
    done = run("key", "create", safe / "uni.key", "--passphrase-file", safe / "passphrase")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) | {"passphrase": safe / "passphrase"}


def badge(issuer):
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:9b0c7e0e-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Data analysis",
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Uni"},
        "validFrom": "2026-06-01T00:00:00Z",
        "credentialSubject": {
            "id": "did:example:ana",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://uni.example/a/1",
                "type": ["Achievement"],
                "name": "Data analysis",
                "description": "Clean, describe, plot.",
                "criteria": {"narrative": "An exam."},
            },
        },
    }


def sign(run, tmp_path, key, document, *more):
    path = tmp_path / "draft.json"
    path.write_text(json.dumps(document))
    return run("sign", path, "--key", key["key"], "--passphrase-file", key["passphrase"], *more)


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_what_it_signs_is_valid(run, tmp_path, key, suite):
    done = sign(run, tmp_path, key, badge(key["did"]), "--suite", suite)
    assert done.returncode == 0, done.stderr
    signed = tmp_path / "signed.json"
    signed.write_text(done.stdout)
    assert run("verify", signed).returncode == 0


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        ({"unknownTerm": "x"}, "unknownTerm"),
        ({"validFrom": "yesterday"}, "validFrom"),
        ({"credentialSubject": {}}, "credentialSubject"),
        ({"@context": ["https://nobody.example/context"]}, "context"),
        (
            {"issuer": "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"},
            "does not list this key",
        ),
        ({"proof": {"type": "DataIntegrityProof"}}, "proof"),
        ({"name": "\u0007"}, "U+0007"),
    ],
)
def test_refuses_what_the_verifier_would_refuse(run, tmp_path, key, edit, word):
    done = sign(run, tmp_path, key, badge(key["did"]) | edit)
    assert done.returncode == 64
    assert word in done.stderr
    assert not done.stdout


@pytest.mark.parametrize("content", ["", "not json", "[1]", '"text"', "{}", '{"a": NaN}'])
def test_refuses_what_is_no_credential(run, tmp_path, key, content):
    path = tmp_path / "draft.json"
    path.write_text(content)
    done = run("sign", path, "--key", key["key"], "--passphrase-file", key["passphrase"])
    assert done.returncode == 64
    assert not done.stdout
    assert "Traceback" not in done.stderr


def test_refuses_a_wrong_passphrase_before_it_signs(run, tmp_path, key, safe):
    done = sign(run, tmp_path, key | {"passphrase": safe / "wrong"}, badge(key["did"]))
    assert done.returncode == 64
    assert "passphrase" in done.stderr


def test_refuses_a_key_of_a_kind_nobody_keeps(run, tmp_path, key):
    done = sign(run, tmp_path, key | {"key": "ftp://x"}, badge(key["did"]))
    assert done.returncode == 64


def test_does_not_write_over_a_key(run, safe, key):
    done = run("key", "create", safe / "uni.key", "--passphrase-file", key["passphrase"])
    assert done.returncode == 64
