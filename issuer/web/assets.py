"""Our style sheets, scripts and pictures, each under a URL that names its bytes.

Shape: ``/static/<first 12 hex digits of SHA-256>/<name>``; such a URL never changes its content,
so browsers may keep it for a year. Text is compressed once, when the process starts.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from types import MappingProxyType

from fastapi import APIRouter, Request, Response

__all__ = ["router", "url"]

STATIC = Path(__file__).parent / "static"
SERVED = frozenset({".css", ".js", ".mjs", ".svg", ".png", ".ico", ".webmanifest"})
FOR_A_YEAR = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file, ready to be sent."""

    digest: str
    media_type: str
    plain: bytes
    packed: bytes


@cache
def assets() -> MappingProxyType[str, Asset]:
    """Read every static file once."""
    return MappingProxyType(
        {
            path.relative_to(STATIC).as_posix(): read(path)
            for path in sorted(STATIC.rglob("*"))
            if path.suffix in SERVED
        }
    )


def read(path: Path) -> Asset:
    """Read, name and compress one file."""
    plain = path.read_bytes()
    media_type = guess_type(path.name)[0] or "application/octet-stream"
    if media_type == "text/css":
        media_type = "text/css; charset=utf-8"
    return Asset(sha256(plain).hexdigest()[:12], media_type, plain, gzip.compress(plain, mtime=0))


def url(name: str) -> str:
    """Return the address of a static file, by its path under ``static/``."""
    return f"/static/{assets()[name].digest}/{name}"


@router.api_route("/static/{digest}/{name:path}", methods=["GET", "HEAD"])
def static(digest: str, name: str, request: Request) -> Response:
    """Send one static file."""
    asset = assets().get(name)
    if asset is None or asset.digest != digest:
        return Response("This file is not here any more. Reload the page.", status_code=404)
    headers = {"Cache-Control": FOR_A_YEAR, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)
    return Response(asset.plain, media_type=asset.media_type, headers=headers)


@router.get("/favicon.ico")
def favicon() -> Response:
    """Send the mark to browsers that ask for it by its old name."""
    return Response(
        assets()["mark.svg"].plain,
        media_type="image/svg+xml",
        headers={"Cache-Control": "public, max-age=86400"},
    )
