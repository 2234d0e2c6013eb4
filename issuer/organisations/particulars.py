"""The particulars of an organisation as they are kept: JSON of the award model's dataclass."""

from dataclasses import asdict

import orjson

from badges.award import Identifier, Organisation

__all__ = ["from_json", "to_json"]


def to_json(particulars: Organisation) -> str:
    """Write `particulars`; the parent and the DID are kept elsewhere."""
    members = asdict(particulars)
    del members["parent"], members["did"]
    return orjson.dumps(members).decode()


def from_json(text: str, did: str | None, parent: Organisation | None) -> Organisation:
    """Read what `to_json` wrote."""
    members = orjson.loads(text)
    identifiers = tuple(Identifier(**found) for found in members.pop("identifiers"))
    return Organisation(**members, identifiers=identifiers, did=did, parent=parent)
