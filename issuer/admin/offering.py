"""What an organisation can award: its own achievements, in their newest versions."""

from issuer.admin.gate import Desk
from issuer.admin.titles import title_of
from issuer.catalogue import store as catalogue
from issuer.catalogue.standing import standings
from issuer.catalogue.store import Version
from issuer.db.session import reading
from issuer.errors import NotFound

__all__ = ["offered", "version_of"]


def offered(desk: Desk) -> dict[str, str]:
    """Return name and title of each achievement that can be awarded."""
    with reading(desk.instance.engine) as connection:
        found = catalogue.newest_of(connection, desk.organisation.id)
        closed = {key for key, stands in standings(connection).items() if stands.archived_at}
    return {each.key: title_of(each) for each in found if each.key not in closed}


def version_of(desk: Desk, key: str) -> Version:
    """Return one of this organisation's achievements.

    Raises:
        NotFound: there is none, or another organisation awards it.
    """
    with reading(desk.instance.engine) as connection:
        version = catalogue.latest(connection, key)
    if version is None or not is_own(desk, version):
        raise NotFound("choose one of your own achievements")
    return version


def is_own(desk: Desk, version: Version) -> bool:
    """Tell whether this organisation awards it."""
    return version.organisation_id == desk.organisation.id
