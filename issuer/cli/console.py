"""What the commands print: results on stdout, progress and errors on stderr."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

__all__ = ["fail", "note", "out", "print_json", "progress"]

out = Console(highlight=False, emoji=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def fail(message: str, *, code: str) -> None:
    """Tell what went wrong and what it is called."""
    err.print(f"learnseal: {message} [{code}]", markup=False)


def note(message: str) -> None:
    """Say something that is not a result."""
    err.print(message, markup=False)


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object on one line, at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def progress() -> Progress:
    """Return a progress bar on stderr, which is not there when nobody watches."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
