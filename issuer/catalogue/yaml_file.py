"""Read achievements from YAML files."""

from pathlib import Path

from issuer.catalogue.messages import AchievementEntry
from issuer.errors import InvalidAchievement
from issuer.organisations.yaml_file import Unreadable, parse_yaml, read_yaml

__all__ = ["achievement_files", "parse_achievement", "read_achievement"]


def read_achievement(path: Path) -> AchievementEntry:
    """Return the achievement `path` describes.

    Raises:
        InvalidAchievement: naming the file, each field, and what it should be.
    """
    try:
        return read_yaml(path, AchievementEntry)
    except Unreadable as error:
        raise InvalidAchievement(str(error), error.problems) from error


def parse_achievement(body: bytes, name: str) -> AchievementEntry:
    """Return the achievement that an uploaded file describes, YAML or JSON.

    Raises:
        InvalidAchievement: naming the file, each field, and what it should be.
    """
    try:
        return parse_yaml(body, AchievementEntry, Path(name or "the file"))
    except Unreadable as error:
        raise InvalidAchievement(str(error), error.problems) from error


def achievement_files(path: Path) -> list[Path]:
    """Return `path` itself, or the YAML files of the folder it is, in order of name."""
    if not path.is_dir():
        return [path]
    return sorted(found for found in path.iterdir() if found.suffix in {".yaml", ".yml"})
