"""Where the example alliance lies: beside the packages, or inside them once installed."""

from pathlib import Path

__all__ = ["examples"]


def examples() -> Path:
    """Return the folder of the examples."""
    inside = Path(__file__).parent / "examples"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "examples"
