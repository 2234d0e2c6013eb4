"""Set up an alliance and its members from a YAML file."""

from pathlib import Path

from badges.errors import BadgeError
from issuer.db.session import unit_of_work
from issuer.errors import InvalidOrganisation
from issuer.instance import Instance
from issuer.organisations.messages import AllianceFile, OrganisationEntry
from issuer.organisations.model import Organisation, Particulars
from issuer.organisations.service import Founding, establish
from issuer.organisations.yaml_file import Unreadable, read_yaml

__all__ = ["establish_alliance"]


def establish_alliance(
    instance: Instance, path: Path, *, did_method: str = "web", actor: str = "cli"
) -> tuple[Organisation, ...]:
    """Found the alliance of `path` and its members, all or none; return them in that order.

    Raises:
        InvalidOrganisation: the file, a slug or a country is not right; nothing was founded.
    """
    try:
        file = read_yaml(path, AllianceFile)
    except Unreadable as error:
        raise InvalidOrganisation(str(error)) from error
    checked = [(entry.slug, _particulars(path, entry)) for entry in (file.alliance, *file.members)]
    founded: list[Organisation] = []
    with unit_of_work(instance.engine) as connection:
        for slug, particulars in checked:
            parent = founded[0] if founded else None
            founding = Founding(slug, particulars, parent, did_method)
            founded.append(establish(instance, connection, founding, actor))
    return tuple(founded)


def _particulars(path: Path, entry: OrganisationEntry) -> Particulars:
    try:
        return entry.particulars()
    except BadgeError as error:
        raise InvalidOrganisation(f"{path}: {entry.slug}: {error}") from error
