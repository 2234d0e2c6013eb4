"""The e-seal of this service: the one its settings name, or a test seal kept for demonstrations.

Shape: a test seal lives in ``LEARNSEAL_DATA/seal`` (two encrypted PKCS#12 files: the seal and its
       own timestamp authority); its authority goes into the trust folder, so that this service
       recognises it as its own test seal.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from issuer.errors import SealKeyUnusable
from issuer.instance import Instance
from issuer.settings import Settings
from issuer.signing.seal_keys import FileSealKey, open_pkcs12, open_seal_key
from issuer.signing.sealing import Sealer, Timestamps
from issuer.signing.test_seal import ThrowawayTimestamps, make_test_seal, to_pkcs12

__all__ = ["has_sealer", "keep_test_seal", "sealer_of"]

_CACHE = "e-seal"
_SEAL, _CLOCK = "seal.p12", "timestamps.p12"


def has_sealer(instance: Instance) -> bool:
    """Tell whether this service can seal."""
    settings = instance.settings
    return bool(settings.seal_key) or (settings.seal / _SEAL).is_file()


def sealer_of(instance: Instance) -> Sealer:
    """Return the seal of this service; opened once in the life of the process.

    Raises:
        SealKeyUnusable: there is none, or it cannot be opened.
    """
    found: Sealer | None = instance.kept.get(_CACHE)
    if found is None:
        found = _configured(instance) if instance.settings.seal_key else _test_seal(instance)
        instance.kept[_CACHE] = found
    return found


def keep_test_seal(instance: Instance, legal_name: str, *, identifier: str, country: str) -> Sealer:
    """Make a test seal for this service, unless it has a seal, and return the one it has.

    Raises:
        SealKeyUnusable: the one it has cannot be opened.
    """
    if not has_sealer(instance):
        made = make_test_seal(
            legal_name, identifier=identifier, country=country, now=instance.now()
        )
        settings, passphrase = instance.settings, instance.passphrase.encode()
        clock = FileSealKey((made.timestamps.certificate,), made.timestamps.private_key)
        authority = made.authority.public_bytes(Encoding.PEM)
        for kind in ("seals", "timestamps"):
            _write(settings.trust / kind / "test-seal.pem", authority)
        _write(settings.seal / _CLOCK, to_pkcs12(clock, passphrase))
        _write(settings.seal / _SEAL, to_pkcs12(made.key, passphrase))
    return sealer_of(instance)


def _configured(instance: Instance) -> Sealer:
    settings = instance.settings
    certificates = _read(settings.seal_certificate) if settings.seal_certificate else b""
    key = open_seal_key(settings.seal_key, _passphrase(settings, instance), certificates)
    return Sealer(key, _timestamps(settings))


def _passphrase(settings: Settings, instance: Instance) -> str:
    if settings.seal_passphrase_file is None:
        return instance.passphrase
    return _read(settings.seal_passphrase_file).decode().strip()


def _timestamps(settings: Settings) -> Timestamps | None:
    if not settings.timestamp_url:
        return None
    import httpx  # noqa: PLC0415 - only seals with a timestamp go out

    from issuer.signing.timestamps import http_timestamps  # noqa: PLC0415 - likewise

    return http_timestamps(settings.timestamp_url, httpx.Client(follow_redirects=False))


def _test_seal(instance: Instance) -> Sealer:
    if not has_sealer(instance):
        raise SealKeyUnusable("this service has no e-seal: name its key with LEARNSEAL_SEAL_KEY")
    passphrase = instance.passphrase.encode()
    key = open_pkcs12(_read(instance.settings.seal / _SEAL), passphrase)
    clock = open_pkcs12(_read(instance.settings.seal / _CLOCK), passphrase)
    if not isinstance(clock.private_key, ec.EllipticCurvePrivateKey):
        raise SealKeyUnusable("the test timestamps have another kind of key than we make")
    authority = ThrowawayTimestamps(clock.certificate_chain[0], clock.private_key)
    return Sealer(key, lambda query: authority.answer(query, instance.now()))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SealKeyUnusable(f"{path.name} of the e-seal cannot be read") from error


def _write(path: Path, octets: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_bytes(octets)
