"""What wallets and we say to each other: the messages of OpenID4VCI 1.0 and OAuth.

Spec: OpenID4VCI 1.0 §4.1 (offer), §6 (token), §7 (nonce), §8 (credential), §9 (deferred),
§11 (notification).
Shape: inbound models ignore members they do not know (§8.2 asks for that) and are lenient about
nothing else; outbound models hold exactly what the specification names.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from badges import strict_json
from badges.errors import MalformedCredential
from issuer.oid4vci.refusal import Code, Refused

__all__ = [
    "PRE_AUTHORIZED",
    "CredentialAnswer",
    "CredentialRequest",
    "DeferredAnswer",
    "DeferredRequest",
    "Issued",
    "NotificationRequest",
    "ResponseEncryption",
    "TokenAnswer",
    "parse_credential_request",
    "parse_deferred_request",
    "parse_form",
    "parse_notification_request",
    "read_object",
]

PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code"

MAX_BODY = 256 * 1024
"""Most bytes of a request: a batch of proofs with attestations fits."""

MAX_PROOFS = 100
"""More proofs than any batch size we announce: read no further."""

Text = Annotated[StrictStr, Field(min_length=1, max_length=4096)]


class Inbound(BaseModel):
    """A message from a wallet."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Outbound(BaseModel):
    """A message to a wallet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def members(self) -> dict[str, Any]:
        """Return the JSON object without the members that are not there."""
        return self.model_dump(exclude_none=True)


class ResponseEncryption(Inbound):
    """How the wallet wants the answer encrypted (§8.2)."""

    jwk: dict[str, Any]
    enc: Text
    zip: Text | None = None


class CredentialRequest(Inbound):
    """Ask for one dataset, once per proof (§8.2)."""

    credential_configuration_id: Text | None = None
    credential_identifier: Text | None = None
    proofs: dict[str, Any] | None = None
    credential_response_encryption: ResponseEncryption | None = None


class DeferredRequest(Inbound):
    """Ask again for what was not ready (§9.1)."""

    transaction_id: Text
    credential_response_encryption: ResponseEncryption | None = None


class NotificationRequest(Inbound):
    """What became of a credential in the wallet (§11.1)."""

    notification_id: Text
    event: Literal["credential_accepted", "credential_failure", "credential_deleted"]
    event_description: Annotated[StrictStr, Field(max_length=1000)] | None = None


Message = TypeVar("Message", bound=Inbound)


class TokenAnswer(Outbound):
    """An access token (§6.2)."""

    access_token: str
    token_type: str
    expires_in: StrictInt
    authorization_details: list[dict[str, Any]] | None = None
    scope: str | None = None


class Issued(Outbound):
    """One credential in its format (§8.3)."""

    credential: str | dict[str, Any]


class CredentialAnswer(Outbound):
    """The credentials, and the name to report back with (§8.3)."""

    credentials: list[Issued]
    notification_id: str | None = None


class DeferredAnswer(Outbound):
    """Not ready: ask again with this name after so many seconds (§8.3, §9.2)."""

    transaction_id: str
    interval: StrictInt


def read_object(body: bytes, error: Code) -> dict[str, Any]:
    """Return the JSON object in `body`.

    Raises:
        Refused: with `error`, when it is none.
    """
    try:
        value = strict_json.loads(body, max_bytes=MAX_BODY)
    except MalformedCredential as problem:
        raise Refused(error, f"the request is not readable JSON: {problem}") from problem
    if not isinstance(value, dict):
        raise Refused(error, "the request is a JSON object")
    return value


def parse_credential_request(members: dict[str, Any]) -> CredentialRequest:
    """Read a credential request.

    Raises:
        Refused: ``invalid_credential_request``, ``invalid_proof`` or
            ``invalid_encryption_parameters``.
    """
    if "credential_response_encryption" in members:
        _parse(
            ResponseEncryption,
            members["credential_response_encryption"],
            Code.INVALID_ENCRYPTION_PARAMETERS,
        )
    request = _parse(CredentialRequest, members, Code.INVALID_CREDENTIAL_REQUEST)
    named = (request.credential_configuration_id, request.credential_identifier)
    if sum(name is not None for name in named) != 1:
        raise Refused(
            Code.INVALID_CREDENTIAL_REQUEST,
            "name what you want by credential_configuration_id or credential_identifier: one",
        )
    if request.proofs is not None:
        _check_proofs(request.proofs)
    return request


def parse_deferred_request(members: dict[str, Any]) -> DeferredRequest:
    """Read a deferred credential request.

    Raises:
        Refused: ``invalid_transaction_id`` or ``invalid_encryption_parameters``.
    """
    if "credential_response_encryption" in members:
        _parse(
            ResponseEncryption,
            members["credential_response_encryption"],
            Code.INVALID_ENCRYPTION_PARAMETERS,
        )
    return _parse(DeferredRequest, members, Code.INVALID_TRANSACTION_ID)


def parse_notification_request(members: dict[str, Any]) -> NotificationRequest:
    """Read a notification.

    Raises:
        Refused: ``invalid_notification_request``.
    """
    return _parse(NotificationRequest, members, Code.INVALID_NOTIFICATION_REQUEST)


def parse_form(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return the parameters of a form; one that comes twice is refused (RFC 6749 §3.2).

    Raises:
        Refused: ``invalid_request``.
    """
    names = [name for name, _ in pairs]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise Refused(Code.INVALID_REQUEST, f"given more than once: {', '.join(repeated)}")
    return {name: value for name, value in pairs if value}


def _check_proofs(proofs: dict[str, Any]) -> None:
    if len(proofs) != 1:
        raise Refused(Code.INVALID_PROOF, "proofs has exactly one member, the proof type")
    ((kind, values),) = proofs.items()
    if not isinstance(values, list) or not 1 <= len(values) <= MAX_PROOFS:
        raise Refused(Code.INVALID_PROOF, f"proofs.{kind} is an array with at least one proof")


def _parse(model: type[Message], members: Any, error: Code) -> Message:
    try:
        return model.model_validate(members)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "request"
        raise Refused(error, f"{where}: {first['msg']}") from problem
