"""`register sign|import|show|remove`, and `verify --register` with a signed one."""

import json

import pytest

from badges import strict_json
from badges.proofs import jws
from did.jwk import to_jwk
from did.public_key import Curve
from did.signers import file
from did.signers.memory import generate
from issuer.instance import wall_clock

ORIGIN = "https://badges.example"
PLAIN = {"name": "Fed", "version": 3, "issuers": ["did:web:uni.example"]}


@pytest.fixture
def folder(instance, tmp_path):
    if instance.engine.dialect.name != "sqlite":
        pytest.skip("the commands find their database in the data folder")
    (tmp_path / "passphrase").write_text("correct horse\n")
    return tmp_path


@pytest.fixture
def learnseal(run, folder):
    def command(*arguments):
        return run("register", *arguments, data=folder, base_url=ORIGIN)

    return command


@pytest.fixture
def publish(learnseal, folder):
    """Sign a register; return its file and its publisher."""
    uri, _ = file.make(folder / "p.key", Curve.ED25519, "correct horse", cost=2**14)

    def publish(**change):
        plain, signed = folder / "plain.json", folder / "signed.json"
        plain.write_text(json.dumps(PLAIN | change))
        done = learnseal("sign", plain, "--key", uri)
        assert done.returncode == 0, done.stderr
        signed.write_text(done.stdout)
        return signed, json.loads(done.stdout)["publisher"]

    return publish


def shown(learnseal):
    return [json.loads(line) for line in learnseal("show", "--json").stdout.splitlines()]


def test_a_register_is_signed_imported_shown_and_removed(learnseal, publish):
    path, publisher = publish()
    assert learnseal("import", path, "--name", "fed", "--publisher", publisher).returncode == 0
    (one,) = shown(learnseal)
    assert (one["name"], one["state"], one["version"], one["issuers"]) == ("fed", "in force", 3, 1)
    assert learnseal("remove", "fed").returncode == 0
    assert shown(learnseal)[0]["state"] == "removed"
    assert learnseal("remove", "fed").returncode == 64


def test_an_older_register_is_refused(learnseal, publish):
    path, publisher = publish()
    learnseal("import", path, "--name", "fed", "--publisher", publisher)
    older, _ = publish(version=2)
    done = learnseal("import", older, "--name", "fed", "--publisher", publisher)
    assert done.returncode == 64
    assert "register-rollback" in done.stderr
    assert shown(learnseal)[0]["version"] == 3


@pytest.mark.parametrize("how", ["changed", "other publisher", "no publisher", "bad name"])
def test_what_is_not_signed_by_whom_it_should_is_refused(learnseal, publish, how):
    path, publisher = publish()
    if how == "changed":
        path.write_text(path.read_text().replace("Fed", "Bed"))
    if how == "other publisher":
        publisher = generate(Curve.ED25519).verification_method.partition("#")[0]
    given = [] if how == "no publisher" else ["--publisher", publisher]
    name = "" if how == "bad name" else "fed"
    done = learnseal("import", path, "--name", name, *given)
    assert done.returncode == 64
    assert shown(learnseal) == []


def test_statements_of_a_federation_are_imported(learnseal, folder):
    anchor, now = generate(Curve.P256), int(wall_clock().timestamp())
    claims = {"iss": "https://fed.example", "sub": "https://uni.example", "iat": now - 9}
    claims["exp"] = now + 3_600
    head = {"typ": "entity-statement+jwt", "kid": "k1"}
    token = jws.create(head, strict_json.dumps(claims), anchor)
    (folder / "list").write_text(token)
    (folder / "jwks").write_text(json.dumps({"keys": [to_jwk(anchor.public_key) | {"kid": "k1"}]}))
    given = ["import", folder / "list", "--name", "fed", "--format", "federation"]
    assert learnseal(*given).returncode == 64
    done = learnseal(*given, "--keys", folder / "jwks")
    assert done.returncode == 0, done.stderr
    (one,) = shown(learnseal)
    assert (one["publisher"], one["issuers"]) == ("https://fed.example", 2)


def test_a_plain_list_is_imported_only_when_it_is_called_one(learnseal, folder):
    (folder / "list").write_text('["did:web:uni.example"]')
    given = ["import", folder / "list", "--name", "own"]
    assert learnseal(*given, "--publisher", "did:web:a.example").returncode == 64
    assert learnseal(*given, "--format", "plain").returncode == 0
    assert shown(learnseal)[0]["publisher"] == "unsigned"


def test_verify_refuses_a_signed_register_that_was_changed(run, publish, folder):
    path, _ = publish()
    nothing = folder / "nothing.json"
    nothing.write_text("{}")
    assert "register" not in run("verify", nothing, "--register", path, data=folder).stderr
    path.write_text(path.read_text().replace("Fed", "Bed"))
    done = run("verify", "--json", nothing, "--register", path, data=folder)
    assert (done.returncode, done.stdout) == (64, "")
