"""Every European Digital Credential the demo makes is one that Europass takes, but for its seal."""

import json

import pytest

from badges.edc.problem import errors
from badges.edc.rules import check_edc
from badges.edc.shacl import check_shapes
from issuer.edc.shapes import install_shapes, installed_shapes

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")


def test_each_passes_both_official_shapes_and_every_rule(demo, shared, tmp_path):
    pytest.importorskip("pyshacl")
    install_shapes(shared / "edc", tmp_path)
    shapes = installed_shapes(tmp_path)
    files = sorted((demo / "issued/edc").glob("*.jsonld"))
    assert files
    for file in files:
        document = json.loads(json.loads(file.read_text())["payload"])
        assert check_shapes(document, shapes) == []
        assert errors(check_edc(document)) == []


def test_each_is_told_to_bear_a_test_seal(demo, run):
    file = next((demo / "issued/edc").glob("*.jsonld"))
    done = run("verify", file, "--json", "--data", demo)
    report = json.loads(done.stdout)
    assert done.returncode == 2
    assert "test-seal" in {finding["code"] for finding in report["findings"]}


def test_all_awards_are_exported_and_a_second_run_gives_the_same_files(demo, run, tmp_path):
    first = run("edc", "export", tmp_path / "a", "--batch", "1", "--json", "--data", demo)
    assert first.returncode == 0
    assert json.loads(first.stdout) == {"sealed": 36, "refused": {}}
    run("edc", "export", tmp_path / "b", "--batch", "1", "--data", demo)
    files = sorted((tmp_path / "a").iterdir())
    assert len(files) == 36
    assert all(file.read_bytes() == (tmp_path / "b" / file.name).read_bytes() for file in files)


def test_a_batch_that_is_not_there_seals_nothing(demo, run, tmp_path):
    done = run("edc", "export", tmp_path / "none", "--batch", "99", "--json", "--data", demo)
    assert json.loads(done.stdout)["sealed"] == 0
