"""How often Python looks for garbage in a process that works in chunks.

A chunk keeps some 30,000 objects until it is committed, and none of them is garbage. Python looks
each time there are 700 more, and now and then through everything that was ever loaded: a fifteenth
of the time a credential takes, for nothing. What is no cycle is freed at once in any case.
"""

import gc

__all__ = ["MORE_THAN_A_CHUNK", "look_seldom"]

MORE_THAN_A_CHUNK = 50_000
"""New objects after which the collector looks at them."""


def look_seldom() -> None:
    """Let the collector of this process sit out a chunk."""
    gc.set_threshold(MORE_THAN_A_CHUNK, *gc.get_threshold()[1:])
