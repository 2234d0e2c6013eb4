"""What the engine keeps of a job: small JSON, never pickle, never personal data.

Shape: JSON; a moment is ``{"$moment": ISO}``, an error ``{"$error": class name, "code": …}``: its
message stays out, for it may name a person. The engine's default is pickle, and it unpickles what
a row *claims* to be pickled whatever serializer is set: so its unpickler is taken out as well.
"""

import json
from datetime import datetime
from typing import Any

from dbos import _serialization
from dbos._serialization import Serializer
from typing_extensions import override

from issuer.errors import JobFailed, PickledJob

__all__ = ["JsonWire", "forbid_pickle"]


class JsonWire(Serializer):
    """Arguments, results and errors of jobs as JSON."""

    @override
    def name(self) -> str:
        return "learnseal-json-1"

    @override
    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=_plain, separators=(",", ":"))

    @override
    def deserialize(cls, serialized_data: str) -> Any:  # noqa: N805 - named as the engine has it
        return json.loads(serialized_data, object_hook=_revive)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, BaseException):
        return {"$error": type(value).__name__, "code": str(getattr(value, "code", ""))}
    raise TypeError(f"a job may not carry a {type(value).__name__}")


def _revive(members: dict[str, Any]) -> object:
    if "$moment" in members:
        return datetime.fromisoformat(members["$moment"])
    if "$error" in members:
        return JobFailed(f"{members['$error']} {members.get('code', '')}".strip())
    return members


def forbid_pickle() -> None:
    """Take the engine's unpickler out of this process, for good.

    Who can write a job row could otherwise run code in a worker that signs.
    """
    for method in ("serialize", "deserialize"):
        setattr(_serialization.DefaultSerializer, method, _refuse)


def _refuse(_self: object, _value: object) -> Any:
    raise PickledJob("jobs are JSON: a pickled one is neither written nor read")
