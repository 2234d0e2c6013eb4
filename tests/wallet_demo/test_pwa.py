"""The files of the web wallet: complete, ours or named, and nothing inline."""

import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from PIL import Image

PWA = Path(str(files("wallet_demo") / "pwa"))
MODULES = sorted(PWA.glob("*.js"))
SOURCES = (PWA / "vendor" / "SOURCES.md").read_text()


def shell():
    listed = re.search(r"const SHELL = (\[.*?\]);", (PWA / "sw.js").read_text(), re.DOTALL)
    return json.loads(re.sub(r",\s*\]", "]", listed[1]))


def test_the_service_worker_keeps_everything_the_wallet_needs():
    needed = {path.relative_to(PWA).as_posix() for path in PWA.rglob("*") if path.is_file()}
    apart = {"sw.js", "index.html", "icon-512.png"}
    apart |= {name for name in needed if name.endswith((".md", ".txt"))}
    assert set(shell()) == (needed - apart) | {"./"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_modules_import_what_is_there_and_say_what_they_are(module):
    source = module.read_text()
    assert source.startswith("/**")
    for name in re.findall(r'(?:from |import\()"(\./[^"]+)"', source):
        assert (PWA / name).is_file(), name


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_strangers_text_never_becomes_markup_or_code(module):
    source = module.read_text()
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert word not in source
    assert "http://" not in source


def test_the_page_has_nothing_inline_and_asks_nobody_else():
    page = (PWA / "index.html").read_text()
    assert not re.search(r"\son\w+=|\sstyle=|<style", page)
    assert re.findall(r"<script[^>]*>", page) == ['<script type="module" src="app.js">']
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert not re.search(r"url\(|@import", (PWA / "wallet.css").read_text())


def test_it_can_be_installed():
    manifest = json.loads((PWA / "manifest.webmanifest").read_text())
    assert manifest["display"] == "standalone"
    assert manifest["start_url"].startswith(manifest["scope"])
    for icon in manifest["icons"]:
        if icon["type"] == "image/png":
            with Image.open(PWA / icon["src"]) as picture:
                width, height = picture.size
            assert icon["sizes"] == f"{width}x{height}"
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}


@pytest.mark.parametrize("file", sorted((PWA / "vendor").glob("*.js")), ids=lambda path: path.name)
def test_what_we_did_not_write_is_unchanged_and_named(file):
    assert f"`{file.name}`" in SOURCES
    assert hashlib.sha256(file.read_bytes()).hexdigest() in SOURCES
