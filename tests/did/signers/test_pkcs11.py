"""Keys on a token, with SoftHSM2 as the token: they sign, and they stay."""

import shutil
import subprocess
from pathlib import Path

import pytest

from did.errors import InvalidKey, KeyUnavailable
from did.public_key import Curve
from did.signers import open_signer, pkcs11

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)
PIN = "5678"
METHOD = "did:web:uni.example#key-1"
CURVES = [Curve.ED25519, Curve.P256, Curve.P384]


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    """A SoftHSM2 with one fresh token called `seal`."""
    library = pytest.importorskip("pkcs11", reason="the extra pkcs11 is not installed")
    path = next((path for path in MODULES if Path(path).exists()), None)
    tool = shutil.which("softhsm2-util")
    if path is None or tool is None:
        pytest.skip("SoftHSM2 is not installed: apt-get install softhsm2")
    folder = tmp_path_factory.mktemp("token")
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(settings))  # the module reads nothing else
        command = ["--init-token", "--free", "--label", "seal", "--so-pin", "1234", "--pin"]
        subprocess.run([tool, *command, PIN], check=True, capture_output=True)
        library.lib(path).reinitialize()  # another test may have opened it with its own settings
        yield path
        log_out()


def log_out():
    for login in pkcs11.LOGINS.values():
        login._close(pkcs11._library())
    pkcs11.LOGINS.clear()


@pytest.fixture
def place(module, request):
    """A place nobody has used."""
    return pkcs11.Place(module, "seal", request.node.name)


@pytest.mark.parametrize("curve", CURVES)
def test_a_key_signs_on_its_token(place, curve):
    uri = pkcs11.create(place.uri, curve, PIN)

    signer = open_signer(uri, verification_method=METHOD, passphrase=PIN)

    assert signer.verification_method == METHOD
    assert signer.public_key.curve is curve
    assert signer.algorithm in ("EdDSA", "ES256", "ES384")
    for message in (b"", b"message", bytes(100_000)):
        assert signer.public_key.verify(signer.sign(message), message)


def test_a_key_speaks_for_its_own_did_key_unless_told_another(place):
    uri = pkcs11.create(place.uri, Curve.ED25519, PIN)
    assert pkcs11.open_key(uri, PIN).verification_method.startswith("did:key:z6Mk")


def test_the_secret_cannot_be_taken_out(place):
    import pkcs11 as library

    pkcs11.create(place.uri, Curve.P256, PIN)
    login = pkcs11.LOGINS[place.module, place.token]
    kind = library.ObjectClass.PRIVATE_KEY
    key = login.run(lambda session: session.get_key(object_class=kind, label=place.label))
    assert key[library.Attribute.SENSITIVE]
    assert not key[library.Attribute.EXTRACTABLE]
    with pytest.raises(library.PKCS11Error):
        key[library.Attribute.VALUE]


def test_a_lost_session_is_opened_again(place):
    signer = pkcs11.open_key(pkcs11.create(place.uri, Curve.P256, PIN), PIN)
    signer._login.session.close()
    assert signer.public_key.verify(signer.sign(b"message"), b"message")


def test_a_signer_outlives_a_token_that_was_away_while_others_logged_in(place):
    uri = pkcs11.create(place.uri, Curve.P256, PIN)
    first = pkcs11.open_key(uri, PIN)
    first._login._close(pkcs11._library())
    with pytest.raises(KeyUnavailable, match="wrong PIN"):
        pkcs11.open_key(uri, "0000")
    second = pkcs11.open_key(uri, PIN)
    for signer in (first, second):
        assert signer.public_key.verify(signer.sign(b"message"), b"message")


def test_two_keys_of_one_token_sign_side_by_side(place):
    first = pkcs11.open_key(pkcs11.create(place.uri, Curve.P256, PIN), PIN)
    other = pkcs11.Place(place.module, place.token, place.label + "-2")
    second = pkcs11.open_key(pkcs11.create(other.uri, Curve.ED25519, PIN), PIN)
    for signer in (first, second, first):
        assert signer.public_key.verify(signer.sign(b"message"), b"message")


def test_a_key_is_never_overwritten(place):
    uri = pkcs11.create(place.uri, Curve.P256, PIN)
    before = pkcs11.open_key(uri, PIN).public_key
    with pytest.raises(KeyUnavailable, match="never overwritten"):
        pkcs11.create(uri, Curve.P256, PIN)
    assert pkcs11.open_key(uri, PIN).public_key == before


def test_a_deleted_key_is_gone(place):
    import pkcs11 as library

    signer = pkcs11.open_key(pkcs11.create(place.uri, Curve.P256, PIN), PIN)
    signer._login.run(
        lambda session: [
            found.destroy() for found in session.get_objects({library.Attribute.LABEL: place.label})
        ],
        write=True,
    )
    with pytest.raises(KeyUnavailable, match="no such key"):
        signer.sign(b"message")


@pytest.mark.parametrize("pin", ["", None, "0000", "5678 ", "x" * 1000])
def test_another_pin_does_not_open_it(place, pin):
    uri = pkcs11.create(place.uri, Curve.P256, PIN)
    with pytest.raises(KeyUnavailable, match="PIN"):
        pkcs11.open_key(uri, pin)


def test_a_wrong_pin_at_the_first_login_is_refused_and_the_right_one_then_works(place):
    uri = pkcs11.create(place.uri, Curve.P256, PIN)
    log_out()
    with pytest.raises(KeyUnavailable, match="wrong PIN"):
        pkcs11.open_key(uri, "0000")
    assert pkcs11.open_key(uri, PIN)


def test_a_key_that_is_not_there_says_so(place):
    with pytest.raises(KeyUnavailable, match="no such key"):
        pkcs11.open_key(place.uri, PIN)


def test_a_token_that_is_not_there_says_so(module):
    with pytest.raises(KeyUnavailable, match="no such token"):
        pkcs11.open_key(pkcs11.Place(module, "other", "key").uri, PIN)


def test_a_module_that_is_not_there_says_so(tmp_path):
    pytest.importorskip("pkcs11", reason="the extra pkcs11 is not installed")
    with pytest.raises(KeyUnavailable, match="cannot be loaded"):
        pkcs11.open_key(pkcs11.Place(str(tmp_path / "none.so"), "seal", "key").uri, PIN)


def test_no_new_rsa_keys_are_made():
    with pytest.raises(InvalidKey, match="RSA"):
        pkcs11.create("pkcs11:token=seal;object=key?module-path=/m.so", Curve.RSA, PIN)


def test_a_uri_is_read_and_written_without_loss():
    place = pkcs11.Place("/usr/lib/a b.so", "my; token=1", "seal/é?#1")
    assert pkcs11.parse_place(place.uri) == place


@pytest.mark.parametrize(
    "uri",
    [
        "pkcs11:",
        "pkcs11:token=seal",
        "pkcs11:token=seal;object=key",
        "pkcs11:object=key?module-path=/m.so",
        "pkcs11:token=seal?module-path=/m.so",
        "pkcs11:token=;object=key?module-path=/m.so",
        "file:token=seal;object=key?module-path=/m.so",
    ],
)
def test_a_uri_that_names_no_key_says_how_to_write_one(uri):
    with pytest.raises(KeyUnavailable, match="is named like pkcs11:token=NAME"):
        pkcs11.open_key(uri, PIN)
