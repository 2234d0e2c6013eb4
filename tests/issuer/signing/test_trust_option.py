"""`learnseal verify --trust`: the same file with and without a list of authorities."""

from typer.testing import CliRunner

from badges.edc.rules import TYPES
from badges.proofs.x509 import der
from issuer.cli.program import program
from issuer.instance import wall_clock
from issuer.signing.sealing import Sealer
from issuer.signing.test_seal import make_test_seal


def test_a_trust_folder_tells_own_test_seals_from_strangers(tmp_path):
    seal = make_test_seal("U", identifier="VATNL-1", country="NL", now=wall_clock())
    text = '{"type":["' + '","'.join(TYPES) + '"]}'
    sealed = tmp_path / "sealed.jsonld"
    sealed.write_bytes(Sealer(seal.key).seal(text, wall_clock()))
    (tmp_path / "trust/seals").mkdir(parents=True)
    (tmp_path / "trust/seals/ca.crt").write_bytes(der(seal.authority))
    call = ["verify", str(sealed), "--json", "--data", str(tmp_path / "none")]
    without = CliRunner().invoke(program, call)
    listed = CliRunner().invoke(program, [*call, "--trust", str(tmp_path / "trust")])
    assert '"test-seal-unlisted"' in without.output
    assert '"test-seal"' in listed.output
