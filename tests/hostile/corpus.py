"""All hostile files and the genuine ones among them, and the web they are checked on.

Shape on disk: ``files/NNNN-name.suffix``, ``web/N`` with ``manifest.json`` (the `--web` form), and
``list.txt`` with one path a line.
"""

import json
from itertools import chain
from pathlib import Path

from tests.hostile.files import files
from tests.hostile.genuine import genuine
from tests.hostile.keys import keys
from tests.hostile.lists import lists
from tests.hostile.others import others
from tests.hostile.selective import selectives
from tests.hostile.tokens import tokens
from tests.hostile.words import words
from tests.hostile.world import World

__all__ = ["FAMILIES", "ROWS", "corpus", "write"]

FAMILIES = (genuine, words, keys, tokens, selectives, lists, files, others)

ROWS = frozenset(f"v{number}" for number in (*range(1, 9), *range(10, 14), *range(15, 21)))
"""Rows of the threat model that a file can try: V9 and V14 are of what fetches and shows."""


def corpus():
    """Return the web, and every case on it, the genuine ones first."""
    world = World()
    return world, list(chain.from_iterable(family(world) for family in FAMILIES))


def write(folder: Path, world, cases):
    """Write the cases and their web; return the list of paths and the manifest."""
    (folder / "files").mkdir(parents=True)
    (folder / "web").mkdir()
    paths = []
    for number, case in enumerate(cases):
        path = folder / "files" / f"{number:04}-{case.name}.{case.suffix}"
        path.write_bytes(case.data)
        paths.append(str(path))
    documents = {}
    for number, (url, page) in enumerate(world.pages.items()):
        (folder / "web" / str(number)).write_bytes(page.body)
        documents[url] = {
            "file": str(number),
            "status": page.status,
            "content_type": page.content_type,
        }
    manifest = folder / "web" / "manifest.json"
    manifest.write_text(json.dumps({"documents": documents}))
    listed = folder / "list.txt"
    listed.write_text("\n".join(paths) + "\n")
    return listed, manifest
