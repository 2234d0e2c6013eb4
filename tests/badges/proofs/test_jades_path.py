"""From a certificate up to an anchor, and where the way ends."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from badges.proofs.jades.path import find_path

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
KEYS = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("root", "sub", "leaf", "evil")}


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def issue(subject, issuer, *extensions, days=10, signed_by=None):
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(KEYS[subject].public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=days))
    )
    for each in extensions:
        builder = builder.add_extension(each, critical=True)
    return builder.sign(KEYS[signed_by or issuer], hashes.SHA256())


def authority(limit=None):
    return x509.BasicConstraints(ca=True, path_length=limit)


ROOT = issue("root", "root", authority())
SUB = issue("sub", "root", authority(0))
LEAF = issue("leaf", "sub")


def test_finds_the_way_to_an_anchor():
    path = find_path(LEAF, [SUB], [ROOT], NOW)
    assert path.anchored
    assert path.certificates == (LEAF, SUB, ROOT)


def test_a_certificate_may_itself_be_on_the_list():
    assert find_path(LEAF, [], [LEAF], NOW).anchored


def test_without_anchors_nothing_is_anchored():
    path = find_path(LEAF, [SUB, ROOT], [], NOW)
    assert (path.anchored, path.certificates) == (False, (LEAF, SUB, ROOT))


def test_a_missing_link_ends_the_way():
    assert not find_path(LEAF, [], [ROOT], NOW).anchored


def test_a_name_without_the_key_is_nothing():
    forged = issue("leaf", "sub", signed_by="evil")
    assert not find_path(forged, [SUB], [ROOT], NOW).anchored


@pytest.mark.parametrize("at", [NOW - timedelta(days=2), NOW + timedelta(days=11)])
def test_judges_at_the_time_it_is_given(at):
    path = find_path(LEAF, [SUB], [ROOT], at)
    assert not path.anchored
    assert "not valid on" in path.reason


def test_an_end_certificate_issues_nothing():
    plain = issue("sub", "root")
    path = find_path(issue("leaf", "sub"), [plain], [ROOT], NOW)
    assert not path.anchored
    assert "may not issue" in path.reason


def test_an_end_certificate_on_the_list_issues_nothing_either():
    plain = issue("sub", "root")
    assert not find_path(issue("leaf", "sub"), [], [plain], NOW).anchored


def test_keeps_the_path_length():
    middle = issue("root", "root", authority(0))
    path = find_path(LEAF, [issue("sub", "root", authority())], [middle], NOW)
    assert not path.anchored


def test_a_critical_extension_nobody_knows_ends_the_way():
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    path = find_path(issue("leaf", "sub", unknown), [SUB], [ROOT], NOW)
    assert not path.anchored
    assert "1.2.3.4" in path.reason


def test_goes_round_in_no_circle():
    one, other = issue("sub", "root", authority()), issue("root", "sub", authority())
    assert not find_path(LEAF, [one, other], [issue("evil", "evil")], NOW).anchored


def test_a_maze_of_crossed_certificates_ends_soon():
    KEYS["maze"] = ec.generate_private_key(ec.SECP256R1())
    maze = [issue("maze", "maze", authority()) for _ in range(40)]
    path = find_path(issue("leaf", "maze"), maze, [ROOT], NOW)
    assert not path.anchored
    assert len(path.certificates) <= 8
