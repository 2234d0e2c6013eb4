"""A trust list as a folder: the authorities whose seals and timestamps this service believes.

Shape: ``seals/*.pem`` and ``timestamps/*.pem`` (or ``.crt``, ``.cer``; PEM or DER), and
       ``lists/*.xml`` (national trusted lists), put there by the operator. An empty or absent
       folder means that nobody looked. A list past its next update counts for nothing.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509

from badges.errors import MalformedCredential
from badges.proofs.jades import TrustAnchors
from badges.proofs.x509 import read_certificate
from issuer.errors import TrustListUnreadable
from issuer.signing.trusted_list import TrustedList, read_trusted_list

__all__ = ["TrustFolder"]

log = logging.getLogger(__name__)

_ENDINGS = {".pem", ".crt", ".cer"}


@dataclass(frozen=True, slots=True)
class TrustFolder:
    """See `badges.proofs.jades.TrustList`."""

    path: Path

    def anchors(self, at: datetime) -> TrustAnchors:
        """Return every certificate in the folder, and those its lists grant at `at`.

        Raises:
            TrustListUnreadable: a file in it holds no certificate, or no trusted list.
        """
        listed = [found.anchors(at) for found in _lists(self.path / "lists", at)]
        seals = [*_certificates(self.path / "seals")]
        timestamps = [*_certificates(self.path / "timestamps")]
        for each in listed:
            seals += each.seals
            timestamps += each.timestamps
        return TrustAnchors(tuple(dict.fromkeys(seals)), tuple(dict.fromkeys(timestamps)))


def _lists(folder: Path, now: datetime) -> Iterator[TrustedList]:
    for file in sorted(folder.glob("*.xml")):
        about = file.stat()
        found = _list_of(file, about.st_mtime_ns, about.st_size)
        if found.is_current(now):
            yield found
        else:
            log.warning("the trusted list %s is past its next update: get a new one", file.name)


@lru_cache(64)
def _list_of(file: Path, _changed: int, _size: int) -> TrustedList:
    """Read a list once, until its file changes: a large one takes a second."""
    try:
        return read_trusted_list(file.read_bytes())
    except TrustListUnreadable as error:
        raise TrustListUnreadable(f"{file.name} in the trust folder: {error}") from error


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
