"""Every European Digital Credential the demo makes is one that Europass takes, but for its seal."""

import json

import pytest

from badges.edc.problem import errors
from badges.edc.rules import check_edc
from badges.edc.shacl import check_shapes
from issuer.edc.shapes import install_shapes, installed_shapes

pytestmark = [
    pytest.mark.xdist_group("demo"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),
]


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
