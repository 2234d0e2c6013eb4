"""The house rules a reader relies on, checked on every file."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("contexts", "did", "badges", "issuer", "wallet_demo")
FILES = [p for room in ROOMS for p in sorted((ROOT / room).rglob("*.py"))]
VAGUE = {
    "utils",
    "util",
    "helpers",
    "common",
    "misc",
    "core",
    "base",
    "manager",
    "handler",
    "data",
    "info",
}
TOP = {
    "contexts",
    "did",
    "badges",
    "issuer",
    "wallet_demo",
    "tests",
    "docs",
    "examples",
    ".ci",
    "changelog.d",
}


@pytest.fixture(params=FILES, ids=lambda path: str(path.relative_to(ROOT)))
def file(request):
    return request.param


def test_says_what_it_is(file):
    assert ast.get_docstring(ast.parse(file.read_text())), "needs a one-line module docstring"


def test_has_a_telling_name(file):
    assert file.stem not in VAGUE


def test_is_short(file):
    if file.parent.name == "versions":
        pytest.skip("a frozen schema is as long as its tables")
    source = file.read_text()
    assert source.count("\n") <= 500, "a second concept waits to be named"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 60, node.name


def test_the_top_level_holds_the_rooms_and_nothing_else():
    folders = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith((".", "__"))}
    assert folders - {"node_modules", "build", "dist", "data", "demo-data", "artefacts"} <= TOP
