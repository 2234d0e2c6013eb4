"""What operators copy: units and container files that fit the program, and stay hardened."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from issuer.cli.program import program
from issuer.settings import Settings

DEPLOY = Path(__file__).parent.parent / "docs" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
TEXTS = [*UNITS, DEPLOY / "compose.yaml", DEPLOY / "Containerfile"]

HARDENED = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateDevices": "yes",
    "PrivateTmp": "yes",
    "MemoryDenyWriteExecute": "yes",
    "RestrictNamespaces": "yes",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
    "LimitCORE": "0",
}


def service(unit):
    """Read the last value of each directive of a unit's service."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=["="])
    parser.optionxform = str
    parser.read(unit)
    return dict(parser["Service"])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_is_shut_in(unit):
    found = service(unit)
    assert {name: found.get(name) for name in HARDENED} == HARDENED
    assert found["User"] != "root"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_every_unit_safe(unit):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed here: it rates the units")
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(unit)]
    rated = subprocess.run(command, capture_output=True, text=True, check=False)
    assert rated.returncode == 0, rated.stdout[-200:]


def test_only_the_signing_process_reads_the_passphrase_and_it_has_no_network():
    readers = [unit.stem for unit in UNITS if "PASSPHRASE" in unit.read_text()]
    assert readers == ["learnseal-signer"]
    found = service(DEPLOY / "learnseal-signer.service")
    assert found["PrivateNetwork"] == "yes"
    assert found["RestrictAddressFamilies"] == "AF_UNIX"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_starts_a_command_that_exists(unit):
    command, *options = service(unit)["ExecStart"].split()[1:]
    group = get_command(program)
    known = group.get_command(group.make_context("learnseal", [command]), command).params
    flags = {flag for parameter in known for flag in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= flags


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_every_setting_named_exists(text):
    named = {name.lower() for name in re.findall(r"LEARNSEAL_([A-Z_]+)", text.read_text())}
    assert named <= set(Settings.model_fields)


def test_containers_have_no_root_and_no_way_to_become_it():
    container = (DEPLOY / "Containerfile").read_text()
    assert re.findall(r"^USER (.*)", container, re.MULTILINE) == ["10001:10001"]
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    for name in ("signer", "serve", "worker"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    assert services["signer"]["network_mode"] == "none"
    assert "keys:/data" not in str(services["serve"]["volumes"])
