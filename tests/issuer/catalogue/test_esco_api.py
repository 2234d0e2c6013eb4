"""Skills over HTTP and on the command line."""

import json

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from issuer.catalogue.esco_api import router
from issuer.catalogue.esco_commands import program
from issuer.instance import Instance
from issuer.settings import Settings
from issuer.web import problems

PYTHON = "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"


@pytest.fixture
def client(tmp_path):
    app = FastAPI()
    app.state.instance = Instance(Settings(data=tmp_path), engine=None)
    app.include_router(router)
    problems.install(app)
    return TestClient(app)


def test_proposes_skills(client):
    answer = client.get("/api/esco/skills", params={"q": "pyth"}).json()
    assert answer["skills"][0]["uri"] == PYTHON
    assert answer["complete"] is False
    assert "European Union" in answer["attribution"]


def test_tells_whether_a_skill_is_known(client):
    assert client.get("/api/esco/skill", params={"uri": PYTHON}).json()["status"] == "current"


def test_a_language_that_is_not_there_is_404(client):
    assert client.get("/api/esco/skills", params={"q": "x", "lang": "pl"}).status_code == 404


@pytest.mark.parametrize(
    "query", [{}, {"q": "x" * 201}, {"q": "x", "limit": 51}, {"q": "x", "lang": "'"}]
)
def test_refuses_what_it_does_not_take(client, query):
    assert client.get("/api/esco/skills", params=query).status_code == 422


def test_the_command_line_finds_and_loads(tmp_path):
    table = tmp_path / "skills_fi.csv"
    table.write_text(f"conceptUri,preferredLabel\n{PYTHON},Python-ohjelmointi\n")
    run = CliRunner().invoke
    loaded = run(program, ["load", str(table), "--data", str(tmp_path)])
    assert loaded.output == "1 skills loaded\n"
    found = run(program, ["search", "hjelm", "--json", "--data", str(tmp_path), "--lang", "fi"])
    assert found.output == "", "only the beginnings of words are found"
    found = run(program, ["search", "pyth", "--json", "--data", str(tmp_path), "--lang", "fi"])
    assert json.loads(found.output)["label"] == "Python-ohjelmointi"
