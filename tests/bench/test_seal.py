"""What a seal costs beside the bare signature it cannot do without (run with ``-s`` to see it).

No time is asserted: machines differ. The ratio is of one run on one machine.
"""

import json
import time
from datetime import UTC, datetime
from statistics import median

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from badges.proofs import jades
from badges.proofs.jades import NO_LIST
from issuer.signing.sealing import Sealer
from issuer.signing.test_seal import make_test_seal

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TEXT = json.dumps({"name": "x" * 60_000}, separators=(",", ":"))
ROUNDS = 20


def milliseconds(work):
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return median(spent)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_what_a_seal_costs(algorithm):
    seal = make_test_seal("U", identifier="V", country="NL", now=NOW, algorithm=algorithm)
    key = seal.key.private_key
    bare = milliseconds(
        (lambda: key.sign(TEXT.encode(), padding.PKCS1v15(), hashes.SHA256()))
        if algorithm == "RS256"
        else (lambda: seal.key.sign(TEXT.encode()))
    )
    made = milliseconds(lambda: jades.sign_b(TEXT, seal.key, NOW))
    whole = milliseconds(lambda: Sealer(seal.key).seal(TEXT, NOW))
    octets = jades.seal_bytes(jades.sign_b(TEXT, seal.key, NOW))
    checked = milliseconds(lambda: jades.verify(octets, NO_LIST, NOW))
    print(  # noqa: T201 - the figures are what this is for
        f"\n{algorithm}, 60 kB: bare signature {bare:.2f} ms, seal B-B {made:.2f} ms "
        f"({made / bare:.1f}x), with our own check {whole:.2f} ms, verify {checked:.2f} ms"
    )
    assert jades.verify(octets, NO_LIST, NOW).is_intact
