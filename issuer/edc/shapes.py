"""The official shapes on this machine: brought here once, known by their digests.

Spec: EDC application profile 1.1.0 (edc-generic-full, edc-generic-no-cv) and the two contexts.
They lie in the data folder under ``edc-shapes``; a file with another digest is never used.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from badges.edc.shacl import Shapes, read_shapes
from issuer.errors import ShapesUnusable

__all__ = ["FILES", "install_shapes", "installed_shapes", "place_of"]

FILES: Mapping[str, str] = {
    "EDC-generic-full.ttl": "5e409f5bb79e0013867f63b8e5174ae4013bb971a0d729fd77ba2fb531e1be8b",
    "EDC-generic-no-cv.ttl": "14e691293cad67283301f032b946fdf104687547327bfd0eef747afa3316115d",
    "edc-ap-context.jsonld": "528f8a0e86dbbec7db2216c61806e6311feedac77a51d1a38b0a1d49e4c337fb",
    "credentials-v1.jsonld": "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8",
}
"""File name → SHA-256. The shapes: European Learning Model repository, folder ``rdf/ap/edc``."""

MAX_BYTES = 2 * 2**20


def place_of(data: Path) -> Path:
    """Return the folder of the shapes of a service."""
    return data / "edc-shapes"


def install_shapes(source: Path, data: Path) -> tuple[Path, ...]:
    """Copy the official files from a folder, anywhere below it, after checking their digests.

    Raises:
        ShapesUnusable: a file is not there, or is not the one we know; nothing is copied then.
    """
    if not source.is_dir():
        raise ShapesUnusable(f"{source}: there is no such folder")
    found = {name: _checked(_find(source, name), digest) for name, digest in FILES.items()}
    target = place_of(data)
    target.mkdir(parents=True, exist_ok=True)
    for name, octets in found.items():
        (target / name).write_bytes(octets)
    return tuple(target / name for name in FILES)


def installed_shapes(data: Path) -> Shapes | None:
    """Return the shapes of a service; nothing where none were installed.

    Raises:
        ShapesUnusable: a file was changed.
        ShaclMissing: the extra edc-shacl is not installed.
    """
    folder = place_of(data)
    if not folder.is_dir():
        return None
    texts = {
        name: _checked(folder / name, digest).decode("utf-8") for name, digest in FILES.items()
    }
    return read_shapes(
        [text for name, text in texts.items() if name.endswith(".ttl")],
        [json.loads(texts["credentials-v1.jsonld"]), json.loads(texts["edc-ap-context.jsonld"])],
    )


def _find(source: Path, name: str) -> Path:
    return next(iter(sorted(source.rglob(name))), source / name)


def _checked(file: Path, digest: str) -> bytes:
    if not file.is_file() or file.stat().st_size > MAX_BYTES:
        raise ShapesUnusable(f"{file.name} is not there: get it from the ELM repository")
    octets = file.read_bytes()
    if hashlib.sha256(octets).hexdigest() != digest:
        raise ShapesUnusable(f"{file.name} is not the file we know: its digest differs")
    return octets
