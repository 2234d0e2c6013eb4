"""Open the key an organisation signs with.

Opening a key file is slow on purpose, so an opened key is kept as long as the process lives; which
key is the active one is asked of the store every time. Where a signing process is named, it holds
the keys and this one only asks it (`issuer.signing.agent`).
"""

from sqlalchemy import Connection

from did.public_key import Curve
from did.signer import Signer
from did.signers import agent, open_signer
from issuer.errors import KeyCompromised, NoSigningKey
from issuer.instance import Instance
from issuer.organisations.keys import active_key
from issuer.organisations.model import Key, KeyState, Organisation

__all__ = ["signer", "signer_for"]


def signer_for(
    instance: Instance,
    connection: Connection,
    organisation: Organisation,
    curve: Curve | None = Curve.ED25519,
) -> tuple[Key, Signer]:
    """Return the active key of an organisation and the signer that holds it.

    Raises:
        NoSigningKey: there is none, or the file holds another key than the store knows.
        KeyUnavailable: the key cannot be opened.
    """
    key = active_key(connection, organisation, curve)
    return key, signer(instance, key)


def signer(instance: Instance, key: Key) -> Signer:
    """Open one key; a compromised one is never opened.

    Raises:
        NoSigningKey: it is compromised, or its file holds another key than the store knows.
        KeyUnavailable: the key cannot be opened.
    """
    if key.state is KeyState.COMPROMISED:
        raise KeyCompromised(f"{key.verification_method} is compromised and signs no more")
    found: Signer | None = instance.kept.get(key.uri)
    if found is None:
        elsewhere = instance.settings.signer
        found = open_signer(
            agent.address(elsewhere, key.uri) if elsewhere else key.uri,
            verification_method=key.verification_method,
            passphrase=instance.passphrase,
        )
        instance.kept[key.uri] = found
    if found.public_key != key.public_key:
        raise NoSigningKey(f"{key.uri} holds another key than {key.verification_method}")
    return found
