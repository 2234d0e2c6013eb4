"""One file for each place a private key can live; here, the table of those places."""

from collections.abc import Callable
from urllib.parse import urlsplit

from did.errors import KeyUnavailable
from did.signer import Signer
from did.signers import agent, file, pkcs11

__all__ = ["BACKENDS", "open_signer"]

BACKENDS: dict[str, Callable[[str, str | None, str], Signer]] = {
    file.SCHEME: file.open_key,
    pkcs11.SCHEME: pkcs11.open_key,
    agent.SCHEME: agent.open_key,
}
"""How to open a key, by the scheme of its URI."""


def open_signer(uri: str, *, verification_method: str, passphrase: str | None = None) -> Signer:
    """Open the private key that `uri` names; it will speak as `verification_method`.

    Raises:
        KeyUnavailable: nobody keeps such keys here, or the key cannot be opened.
    """
    scheme = urlsplit(uri).scheme
    if scheme not in BACKENDS:
        known = ", ".join(f"{name}:" for name in BACKENDS)
        raise KeyUnavailable(f"a key is named by a URI that starts with one of {known}")
    return BACKENDS[scheme](uri, passphrase, verification_method)
