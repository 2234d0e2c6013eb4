"""Where tests put their files: in memory where there is room, so that nothing waits for a disk."""

import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a file system, not a file
ROOM = 4 << 30
"""Bytes that must be free: two workers and their PostgreSQL use less than one GiB."""


def fast_folder():
    """Return the folder for temporary files."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY
    return Path("/tmp")  # noqa: S108 - its users make private folders in it
