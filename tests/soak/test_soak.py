"""The short soak: a minute of everyday traffic; ``make soak`` is the long one."""

import pytest

from tests.soak.soak import Server, Soak, verdict
from tests.soak.visitors import RATES

pytestmark = pytest.mark.slow


def test_g5_a_minute_of_everyday_traffic_has_no_error(tmp_path):
    server = Server(tmp_path)
    try:
        server.wait_until_ready()
        found = verdict(Soak(server, 60, 0.3).run(), 60)
    finally:
        server.stop()
    assert found["is_clean"], found
    assert found["visits"].keys() == RATES.keys()
    assert found["visits"]["issue"] >= 30
    assert found["processes"] >= 3
