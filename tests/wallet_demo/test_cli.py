"""The command, against a service behind https on this machine."""

import json

import pytest

from issuer.awarding.service import revoke
from issuer.db import tables
from issuer.oid4vci.model import Format
from issuer.status.service import Act
from tests.browser.wallet_service import WalletService
from tests.journeys.https_service import HttpsService
from wallet_demo.cli import run


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with HttpsService(tmp_path_factory.mktemp("https")).running() as made:
        yield made


@pytest.fixture
def here(service, tmp_path):
    """The options every call has: folder, throw-away authority, this machine."""
    secret = tmp_path / "passphrase"
    secret.write_text("battery staple")
    folder = ["--wallet", str(tmp_path / "wallet")]
    network = [*folder, "--local", "--ca", str(service.ca)]
    return folder, network, [*network, "--passphrase-file", str(secret)]


def test_receives_lists_checks_and_shows(service, here, capsys):
    folder, network, keys = here
    made = service.offer(tx_code=True)
    assert run(["receive", made.uri, "--tx-code", made.tx_code, "--json", *keys]) == 0
    received = json.loads(capsys.readouterr().out)
    assert received["report"]["verdict"] in {"valid", "genuine_with_remarks"}
    assert run(["list", "--json", *folder]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == [received["name"]]
    assert run(["list", *folder]) == 0
    assert received["name"] in capsys.readouterr().out
    assert run(["show", received["name"][:6], *folder]) == 0
    assert json.loads(capsys.readouterr().out)["proof"]
    assert run(["check", *network]) in {0, 2}
    revoke_newest(service)
    assert run(["check", received["name"], *network]) == 1
    assert "NOT VALID" in capsys.readouterr().out


def revoke_newest(service):
    with service.instance.engine.connect() as connection:
        newest = tables.issuance.select().order_by(tables.issuance.c.id.desc())
        name = connection.execute(newest).first().credential_id
    revoke(service.instance, [name], Act("test", service.instance.now()))


def test_this_machine_and_its_authority_must_be_named(service, here, capsys):
    *_, keys = here
    without = [option for option in keys if option != "--local"]
    assert run(["receive", service.offer().uri, *without]) == 64
    assert "unreachable" in capsys.readouterr().err
    trust = [option for option in keys if option not in {"--ca", str(service.ca)}]
    assert run(["receive", service.offer().uri, *trust]) == 64
    assert "unreachable" in capsys.readouterr().err


@pytest.mark.parametrize("form", list(Format))
def test_a_demo_without_tls_is_enough_to_try_it(tmp_path_factory, here, capsys, form):
    _folder, _network, keys = here
    plain = [option for option in keys if not option.endswith("ca.pem") and option != "--ca"]
    with WalletService(tmp_path_factory.mktemp("plain")).running() as service:
        assert run(["receive", service.offer(format=form).uri, "--json", *plain]) == 0
    assert json.loads(capsys.readouterr().out)["report"]["verdict"] == "valid"


def test_an_empty_wallet_says_what_to_do(here, capsys):
    assert run(["list", *here[0]]) == 0
    assert "learnseal-wallet receive" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (["receive", "hello"], "invalid-offer"),
        (["check", "nobody"], "unknown-credential"),
        (["show", "nobody"], "unknown-credential"),
        (["dance"], "usage"),
    ],
)
def test_refusals_say_what_is_wrong(here, capsys, call, code):
    folder, network, keys = here
    options = {"receive": keys, "check": network, "show": folder}.get(call[0], [])
    assert run([*call, *options]) == 64
    assert code in capsys.readouterr().err
