"""Achievements from the command line: checked, taken out, brought in by the rules of the desk."""

import json
from pathlib import Path

import pytest

from tests.issuer.cli.conftest import learnseal

EXAMPLES = Path(__file__).resolve().parents[3] / "examples/achievements"


@pytest.fixture
def service(instance, alliance):
    """A folder with a service in it; commands of this file need no key."""
    (instance.settings.data / "passphrase").write_text("correct horse")
    return instance.settings.data


pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def at(service, *arguments):
    return learnseal("achievement", *arguments, data=service, base_url="https://badges.example")


def test_complete_files_are_ready_and_counted(service):
    done = at(service, "check", EXAMPLES, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert {(line["elements"], line["publishable"]) for line in lines} == {(11, True)}


def test_a_file_that_lacks_elements_is_told_which(service, tmp_path):
    file = tmp_path / "thin.yaml"
    text = (EXAMPLES / "data-analysis-with-python.yaml").read_text()
    file.write_text(text.replace("eqf_level: 5\n", "").replace("participation: online\n", ""))
    done = at(service, "check", file)
    assert done.returncode == 64
    assert "9/11 EU standard elements, needs mending" in done.stdout
    assert "missing: level" in done.stdout
    assert "missing: form-of-participation" in done.stdout
    badge = tmp_path / "badge.yaml"
    badge.write_text(file.read_text().replace("type: MicroCredential", "type: Badge"))
    assert at(service, "check", badge).returncode == 0


def test_what_is_exported_is_imported_again_unchanged(service, tmp_path):
    file = tmp_path / "taken.yaml"
    file.write_text(at(service, "export", "data-analysis-with-python").stdout)
    done = at(service, "import", file)
    assert done.stdout.split() == ["data-analysis-with-python", "version", "1"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.yaml", "titel: x", "field titel"),
        ("b.yaml", "[", "is not YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_usage_error(service, tmp_path, name, text, told):
    (tmp_path / name).write_text(text)
    done = at(service, "check", tmp_path / name)
    assert (done.returncode, told in done.stderr) == (64, True)


def test_what_is_not_there_cannot_be_taken_out(service):
    assert at(service, "export", "no-such-achievement").returncode == 64
