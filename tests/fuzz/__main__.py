"""``python -m tests.fuzz SECONDS [NAME…]``: each target for so long; what is found is printed."""

import sys
import time

from tests.fuzz.driver import run
from tests.fuzz.targets import TARGETS


def main(seconds: float, names: list[str]) -> int:
    found = 0
    for target in (TARGETS[name] for name in names or TARGETS):
        try:
            outcome = run(target, seconds, seed=time.time_ns())
        except AssertionError as error:
            found += 1
            print(f"{target.name}: FOUND {error}\n  {error.__cause__!r}")  # noqa: T201
        else:
            print(  # noqa: T201
                f"{target.name}: {outcome.inputs} inputs, {outcome.refused} refused, "
                f"{len(outcome.kept)} kept, slowest {outcome.slowest:.2f} s"
            )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60, sys.argv[2:]))
