"""Keys that only tests make."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa as rsa_keys

from did.public_key import from_cryptography
from did.signer import SoftwareSigner


@pytest.fixture(scope="session")
def rsa():
    """Return an RSA signer: others sign badges with RS256, we only verify them."""
    private = rsa_keys.generate_private_key(65537, 2048)
    return SoftwareSigner(
        "https://uni.example/keys#rsa",
        from_cryptography(private.public_key()),
        lambda message: private.sign(message, padding.PKCS1v15(), hashes.SHA256()),
    )
