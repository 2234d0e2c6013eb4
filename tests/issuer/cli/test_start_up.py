"""A command loads what it needs and no more: asked of `sys.modules`, for clocks lie."""

import subprocess
import sys
from pathlib import Path

import pytest

from issuer import cli
from issuer.cli.lazy_group import COMMANDS, load
from issuer.cli.program import run

HEAVY = (
    "alembic",
    "cryptography",
    "dbos",
    "fastapi",
    "httpx",
    "jinja2",
    "jsonschema",
    "PIL",
    "psycopg",
    "pydantic",
    "pyld",
    "pypdfium2",
    "sqlalchemy",
    "starlette",
    "typst",
    "uvicorn",
    "zxingcpp",
)

LIGHT = {
    "": HEAVY,
    "audit": tuple({*HEAVY} - {"cryptography", "pydantic", "sqlalchemy"}),
    "worker": ("alembic", "fastapi", "httpx", "jinja2", "pypdfium2", "starlette", "uvicorn"),
}
"""What a command must not load; nothing is the program itself, which prints its help."""


@pytest.mark.parametrize("command", LIGHT)
def test_a_command_loads_only_what_it_needs(command):
    code = (
        "import sys\nfrom issuer.cli import program, lazy_group\n"
        "program.run([])\n"
        f"{command!r} and lazy_group.load({command!r})\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stderr.split())
    assert "issuer.cli.lazy_group" in loaded
    assert loaded.isdisjoint(LIGHT[command]), loaded & set(LIGHT[command])


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_tells_what_the_command_says_of_itself(command):
    assert load(command).help.splitlines()[0] == COMMANDS[command][1]


def test_every_module_of_commands_is_in_the_table():
    modules = {
        path.stem
        for path in Path(cli.__file__).parent.glob("*.py")
        if "def register(" in path.read_text()
    }
    assert modules == {
        module.removeprefix("cli.") for module, _ in COMMANDS.values() if module.startswith("cli.")
    }


def test_the_help_names_every_command(capsys):
    assert run(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"\n  {command} " in told for command in COMMANDS)


def test_a_command_that_is_not_there_is_refused_with_the_nearest_one(capsys):
    assert run(["revoek"]) == 64
    assert "No such command 'revoek'. Did you mean 'revoke'?" in capsys.readouterr().err
