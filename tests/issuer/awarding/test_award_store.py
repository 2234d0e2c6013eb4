import gc
import os
import sys

from issuer.awarding.award_store import awarded_before
from issuer.db.session import reading


def holders(keys):
    return [sys.getrefcount(key) for key in keys]


def test_keys_that_were_looked_for_are_let_go_at_once(engine):
    keys = [os.urandom(32) for _ in range(1200)]
    before = holders(keys)
    gc.disable()
    try:
        with reading(engine) as connection:
            assert awarded_before(connection, keys) == {}
        assert holders(keys) == before
    finally:
        gc.enable()
