"""Private keys that live as long as the process: for tests, demos and throw-away identities."""

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from did.errors import InvalidKey
from did.public_key import EC, Curve
from did.signer import GENERATE, SoftwareSigner, software

__all__ = ["from_seed", "generate"]


def generate(curve: Curve, verification_method: str | None = None) -> SoftwareSigner:
    """Make a new key; it speaks for its own did:key unless told another.

    Raises:
        InvalidKey: no new keys of this kind are made (RSA).
    """
    return software(GENERATE[curve](), verification_method)


def from_seed(curve: Curve, seed: bytes, verification_method: str | None = None) -> SoftwareSigner:
    """Return the key of a seed: the 32 bytes of Ed25519, or the secret number of a P- curve.

    Raises:
        InvalidKey: the seed is not one of this kind of key.
    """
    if curve is Curve.RSA:
        raise InvalidKey("an RSA key has no seed")
    try:
        if curve is Curve.ED25519:
            return software(ed25519.Ed25519PrivateKey.from_private_bytes(seed), verification_method)
        if len(seed) != EC[curve].key_size // 8:
            raise InvalidKey(f"the secret of a {curve} key has {EC[curve].key_size // 8} bytes")
        number = int.from_bytes(seed)
        return software(ec.derive_private_key(number, EC[curve]), verification_method)
    except ValueError as error:
        raise InvalidKey(f"not the seed of a {curve} key") from error
