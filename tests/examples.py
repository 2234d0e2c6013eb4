"""How many examples a test of a property tries: few in `make test`, many in `make slow`.

A test that asks `examples` is marked ``many``; `make slow` runs those again with more of them.
"""

import os

MANY = bool(os.environ.get("LEARNSEAL_MANY_EXAMPLES"))


def examples(few, many):
    """Return the number for this run."""
    return many if MANY else few
