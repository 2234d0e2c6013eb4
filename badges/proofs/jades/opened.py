"""One signature of a sealed file with every part in it read, nothing judged yet."""

from dataclasses import dataclass

from cryptography import x509

from badges.proofs.jades.header import Header
from badges.proofs.jades.references import chain_in, signing_certificate
from badges.proofs.jades.serialization import Jws, SignaturePart
from badges.proofs.jades.unsigned import Property, properties, validation_values
from badges.proofs.x509 import read_certificate

__all__ = ["Opened", "open_signature"]


@dataclass(frozen=True, slots=True)
class Opened:
    """What one signature brings along."""

    jws: Jws
    part: SignaturePart
    header: Header
    properties: tuple[Property, ...]
    certificate: x509.Certificate
    """The sealer's."""

    pool: tuple[x509.Certificate, ...]
    """Every certificate that came with the file."""

    revocation: tuple[tuple[str, bytes], ...]
    """Embedded revocation lists (``crl``) and answers (``ocsp``), DER."""


def open_signature(jws: Jws, part: SignaturePart, header: Header) -> Opened:
    """Read the unsigned properties and certificates of one signature.

    Raises:
        MalformedCredential: a part cannot be read, or the sealer's certificate is not there.
    """
    listed = properties(part.header)
    values = tuple(validation_values(listed))
    chain = chain_in(header.members)
    others = tuple(read_certificate(octets) for kind, octets in values if kind == "x509Cert")
    return Opened(
        jws,
        part,
        header,
        listed,
        signing_certificate(header.members, chain, others),
        (*chain, *others),
        tuple(each for each in values if each[0] != "x509Cert"),
    )
