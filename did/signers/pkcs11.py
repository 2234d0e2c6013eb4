"""Private keys in a hardware security module: they sign there and never leave.

Spec: PKCS #11 v3.0 (CKM_ECDSA, CKM_EDDSA, CKM_SHA256_RSA_PKCS), RFC 7512 (the URI).
Shape: ``pkcs11:token=NAME;object=LABEL?module-path=/usr/lib/softhsm/libsofthsm2.so``. The
passphrase is the user PIN of the token. Needs the extra ``pkcs11``.

A login belongs to the whole process and a session to one thread at a time, so each token has one
session here, behind a lock; it is opened again once when the module has lost it.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from did.errors import InvalidKey, KeyUnavailable
from did.public_key import ALGORITHMS, EC, Curve, PublicKey, from_cryptography
from did.signer import Signer, did_key_method

__all__ = ["SCHEME", "Place", "create", "open_key", "parse_place"]

SCHEME = "pkcs11"

PARAMETERS: Mapping[Curve, bytes] = {
    Curve.ED25519: bytes.fromhex("06032b6570"),
    Curve.P256: bytes.fromhex("06082a8648ce3d030107"),
    Curve.P384: bytes.fromhex("06052b81040022"),
}
"""The DER object identifier of each curve, as CKA_EC_PARAMS holds it."""

ED25519_BY_NAME = b"\x13\x0cedwards25519"
"""Ed25519 as PKCS #11 v3.0 also lets modules write it."""

LENGTHS = {Curve.ED25519: 32, Curve.P256: 65, Curve.P384: 97}
"""Bytes of an uncompressed point, as CKA_EC_POINT holds it inside an OCTET STRING."""

HASHES: Mapping[Curve, Callable[[bytes], bytes]] = {
    Curve.ED25519: lambda message: message,  # CKM_EDDSA hashes by itself
    Curve.P256: lambda message: hashlib.sha256(message).digest(),
    Curve.P384: lambda message: hashlib.sha384(message).digest(),
    Curve.RSA: lambda message: message,  # CKM_SHA256_RSA_PKCS hashes by itself
}
"""What the module is given to sign."""

MECHANISMS: Mapping[Curve, str] = {Curve.ED25519: "EDDSA", Curve.RSA: "SHA256_RSA_PKCS"}
"""How the module signs; ``ECDSA`` for every other curve."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key is: which module, which token in it, which object on it."""

    module: str
    token: str
    label: str

    @property
    def uri(self) -> str:
        """The place as a URI."""
        token, label = quote(self.token, safe=""), quote(self.label, safe="")
        return f"{SCHEME}:token={token};object={label}?module-path={quote(self.module)}"


@dataclass(slots=True)
class Login:
    """The one session of this process on one token."""

    place: Place
    pin: str = field(repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    session: Any = None
    proven: bool = False
    """Whether the PIN has opened the token before, so that it is known to be right."""

    _keys: dict[str, Any] = field(default_factory=dict, repr=False)

    def private_key(self, session: Any, label: str) -> Any:
        """Return a private key of the session; looked up once for each session."""
        if label not in self._keys:
            kind = _library().ObjectClass.PRIVATE_KEY
            self._keys[label] = session.get_key(object_class=kind, label=label)
        return self._keys[label]

    def run(self, action: Callable[[Any], Any], *, write: bool = False) -> Any:
        """Run `action` with the session; once more with a new one if the module lost it.

        Raises:
            KeyUnavailable: the module, the token or the PIN does not let us.
        """
        pkcs11 = _library()
        with self.lock:
            try:
                if self.session is not None and not write:
                    try:
                        return action(self.session)
                    except pkcs11.PKCS11Error:
                        self._close(pkcs11)
                self._close(pkcs11)
                self.session = self._open(pkcs11, write=write)
                self.proven = True
                return action(self.session)
            except pkcs11.PKCS11Error as error:
                raise KeyUnavailable(_explain(self.place, error)) from error

    def _open(self, pkcs11: Any, *, write: bool) -> Any:
        try:
            module = pkcs11.lib(self.place.module)
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            raise KeyUnavailable(f"{self.place.module} cannot be loaded") from error
        token = module.get_token(token_label=self.place.token)
        return token.open(user_pin=self.pin, rw=write)

    def _close(self, pkcs11: Any) -> None:
        session, self.session = self.session, None
        self._keys.clear()
        if session is not None:
            with suppress(pkcs11.PKCS11Error):  # the module may have closed it before us
                session.close()


LOGINS: dict[tuple[str, str], Login] = {}
LOGINS_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """A private key on a token."""

    verification_method: str
    public_key: PublicKey
    _login: Login = field(repr=False, compare=False)
    _label: str = field(repr=False, compare=False)

    @property
    def algorithm(self) -> str:
        """JOSE name of the algorithm."""
        return ALGORITHMS[self.public_key.curve]

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature of `message`.

        Raises:
            KeyUnavailable: the module, the token or the key is gone.
        """
        pkcs11 = _library()
        curve = self.public_key.curve
        mechanism = pkcs11.Mechanism[MECHANISMS.get(curve, "ECDSA")]
        content = HASHES[curve](message)

        def sign(session: Any) -> bytes:
            key = self._login.private_key(session, self._label)
            return bytes(key.sign(content, mechanism=mechanism))

        return bytes(self._login.run(sign))


def create(uri: str, curve: Curve, pin: str) -> str:
    """Make a new key on a token, one that cannot be taken out, and return its URI.

    Raises:
        InvalidKey: no new keys of this kind are made (RSA).
        KeyUnavailable: the token cannot be used, or has a key of that label.
    """
    if curve not in PARAMETERS:
        raise InvalidKey("new keys are Ed25519, P-256 or P-384: RSA is only verified")
    place, pkcs11 = parse_place(uri), _library()

    def make(session: Any) -> None:
        if list(session.get_objects({pkcs11.Attribute.LABEL: place.label})):
            raise KeyUnavailable(f"the token has a key {place.label!r}: it is never overwritten")
        edwards = curve is Curve.ED25519
        kind = pkcs11.KeyType.EC_EDWARDS if edwards else pkcs11.KeyType.EC
        parameters = {pkcs11.Attribute.EC_PARAMS: PARAMETERS[curve]}
        domain = session.create_domain_parameters(kind, parameters, local=True)
        secret = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
        domain.generate_keypair(
            id=secrets.token_bytes(16), label=place.label, store=True, private_template=secret
        )

    _login(place, pin).run(make, write=True)
    return place.uri


def open_key(uri: str, passphrase: str | None, verification_method: str | None = None) -> Signer:
    """Find the key that `uri` names on its token.

    Raises:
        KeyUnavailable: no such module, token or key, a wrong PIN, or the extra is missing.
    """
    place = parse_place(uri)
    if not passphrase:
        raise KeyUnavailable(f"the token {place.token!r} needs its PIN: give it as passphrase")
    login = _login(place, passphrase)

    def look(session: Any) -> PublicKey:
        login.private_key(session, place.label)
        return _public_key(session, place.label)

    public_key: PublicKey = login.run(look)
    method = verification_method or did_key_method(public_key)
    return TokenSigner(method, public_key, login, place.label)


def parse_place(uri: str) -> Place:
    """Read a PKCS #11 URI.

    Raises:
        KeyUnavailable: it names no module, token or object.
    """
    parts = urlsplit(uri)
    path = dict(part.partition("=")[::2] for part in parts.path.split(";"))
    query = dict(parse_qsl(parts.query))
    token, label = unquote(path.get("token", "")), unquote(path.get("object", ""))
    module = query.get("module-path", "")
    if parts.scheme != SCHEME or not (token and label and module):
        raise KeyUnavailable(
            "a key on a token is named like pkcs11:token=NAME;object=LABEL?module-path=FILE"
        )
    return Place(module, token, label)


def _login(place: Place, pin: str) -> Login:
    """Return the login of the token; a second one must know the PIN too."""
    with LOGINS_LOCK:
        login = LOGINS.get((place.module, place.token))
        if login is None or not login.proven:
            login = LOGINS[place.module, place.token] = Login(place, pin)
        elif not hmac.compare_digest(login.pin.encode(), pin.encode()):
            raise KeyUnavailable(f"wrong PIN for the token {place.token!r}")
        return login


def _public_key(session: Any, label: str) -> PublicKey:
    pkcs11 = _library()
    key = session.get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, label=label)
    if key.key_type is pkcs11.KeyType.RSA:
        return _rsa_key(key)
    parameters = bytes(key[pkcs11.Attribute.EC_PARAMS])
    if parameters == ED25519_BY_NAME:
        parameters = PARAMETERS[Curve.ED25519]
    curve = next((known for known in PARAMETERS if PARAMETERS[known] == parameters), None)
    if curve is None:
        raise KeyUnavailable(f"the key {label!r} is of a kind we do not sign with")
    point = bytes(key[pkcs11.Attribute.EC_POINT])
    if len(point) == LENGTHS[curve] + 2:  # the OCTET STRING around it, which some modules omit
        point = point[2:]
    try:
        if curve is Curve.ED25519:
            return PublicKey(curve, point)
        return from_cryptography(ec.EllipticCurvePublicKey.from_encoded_point(EC[curve], point))
    except (InvalidKey, ValueError) as error:
        raise KeyUnavailable(f"the public half of {label!r} cannot be read") from error


def _rsa_key(key: Any) -> PublicKey:
    """Return the public half of an RSA key: e-seals have such keys, DIDs here do not."""
    attribute = _library().Attribute
    modulus, exponent = (
        int.from_bytes(bytes(key[name]), "big")
        for name in (attribute.MODULUS, attribute.PUBLIC_EXPONENT)
    )
    try:
        return from_cryptography(rsa.RSAPublicNumbers(exponent, modulus).public_key())
    except (InvalidKey, ValueError) as error:
        raise KeyUnavailable("the RSA key on the token is too short or not one") from error


REASONS = {
    "NoSuchToken": "there is no such token",
    "NoSuchKey": "there is no such key on it",
    "MultipleObjectsReturned": "it has several keys of that label",
    "MultipleTokensReturned": "there are several tokens of that name",
    "PinIncorrect": "wrong PIN",
    "PinLenRange": "wrong PIN",
    "PinLocked": "the PIN is locked: too many wrong ones",
}
"""What the module means, in words."""


def _explain(place: Place, error: Exception) -> str:
    name = type(error).__name__
    return f"key {place.label!r} on token {place.token!r}: {REASONS.get(name, name)}"


def _library() -> Any:
    try:
        import pkcs11  # noqa: PLC0415 - an extra: only those who keep keys there need it
    except ModuleNotFoundError as error:
        raise KeyUnavailable(
            "keys on a token need an extra: pip install 'learnseal[pkcs11]'"
        ) from error
    return pkcs11
