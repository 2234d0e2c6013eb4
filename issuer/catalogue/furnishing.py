"""What a new sandbox starts with: one invented achievement, so that somebody can award at once."""

from pathlib import Path

from sqlalchemy import Connection

from issuer.catalogue.drafts import free_key
from issuer.catalogue.service import publish
from issuer.catalogue.store import Version
from issuer.catalogue.yaml_file import read_achievement
from issuer.instance import Instance
from issuer.organisations.model import Organisation

__all__ = ["furnish"]

EXAMPLE = Path(__file__).parent / "sandbox_example.yaml"


def furnish(
    instance: Instance, connection: Connection, organisation: Organisation, actor: str
) -> Version | None:
    """Publish the example where `organisation` is a sandbox; None anywhere else."""
    if not organisation.is_sandbox:
        return None
    entry = read_achievement(EXAMPLE)
    mine = {"id": free_key(connection, entry.id), "awarding_body": organisation.slug}
    return publish(instance, connection, entry.model_copy(update=mine), actor)
