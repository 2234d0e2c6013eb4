"""The learner's web wallet, served as the plain files it is, under ``/wallet/``.

Shape: the folder belongs to another package, which the service never imports; it only hands the
files out. A wallet talks to issuers everywhere, so its policy lets it connect to any https address.
"""

from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from typing_extensions import override

__all__ = ["PATH", "WalletFiles", "wallet_files"]

PATH = "/wallet"

HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'self'; connect-src 'self' https:; img-src 'self' data: blob:; "
            "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        ),
        "Cache-Control": "no-cache",
    }
)
"""``blob:`` is where the reader of QR codes keeps its worker; offers come from any issuer."""

MEDIA_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}


class WalletFiles(StaticFiles):
    """Static files with the headers a wallet needs."""

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        """Send one file."""
        answer = await super().get_response(path, scope)
        answer.headers.update(HEADERS)
        if media_type := MEDIA_TYPES.get(Path(path).suffix):
            answer.headers["Content-Type"] = media_type
        return answer


def wallet_files() -> WalletFiles:
    """Return the files of the wallet that comes with this distribution."""
    with as_file(files("wallet_demo") / "pwa") as folder:
        return WalletFiles(directory=folder, html=True)
