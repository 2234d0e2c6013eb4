"""A trust list as a folder: the authorities whose seals and timestamps this service believes.

Shape: ``seals/*.pem`` and ``timestamps/*.pem`` (or ``.crt``, ``.cer``; PEM or DER), put there by
       the operator from the EU trusted lists. An empty or absent folder means that nobody looked.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

from badges.errors import MalformedCredential
from badges.proofs.jades import TrustAnchors
from badges.proofs.x509 import read_certificate
from issuer.errors import TrustListUnreadable

__all__ = ["TrustFolder"]

_ENDINGS = {".pem", ".crt", ".cer"}


@dataclass(frozen=True, slots=True)
class TrustFolder:
    """See `badges.proofs.jades.TrustList`."""

    path: Path

    def anchors(self, at: datetime) -> TrustAnchors:
        """Return every authority in the folder; it keeps no history, so `at` changes nothing.

        Raises:
            TrustListUnreadable: a file in it holds no certificate.
        """
        del at
        return TrustAnchors(
            _certificates(self.path / "seals"), _certificates(self.path / "timestamps")
        )


def _certificates(folder: Path) -> tuple[x509.Certificate, ...]:
    if not folder.is_dir():
        return ()
    files = sorted(each for each in folder.iterdir() if each.suffix.lower() in _ENDINGS)
    return tuple(certificate for file in files for certificate in _read(file))


def _read(file: Path) -> list[x509.Certificate]:
    octets = file.read_bytes()
    try:
        if octets.lstrip().startswith(b"-----"):
            return x509.load_pem_x509_certificates(octets)
        return [read_certificate(octets)]
    except (ValueError, MalformedCredential) as error:
        raise TrustListUnreadable(f"{file.name} in the trust folder is no certificate") from error
