"""The webhooks in the OpenAPI document: what a receiver is sent, kind by kind.

Spec: OpenAPI 3.1.0, ``webhooks``; Standard Webhooks 1.0.
"""

from typing import Any

from issuer.webhooks.model import Kind

__all__ = ["HEADERS", "webhooks"]

SUMMARIES = {
    Kind.ISSUED: "A credential was issued",
    Kind.CLAIMED: "A learner's wallet took a credential",
    Kind.REVOKED: "A credential was revoked",
    Kind.SUSPENDED: "A credential was suspended",
    Kind.REINSTATED: "A credential is in force again",
    Kind.FINISHED: "Nothing of an award list is left to do",
}
CREDENTIAL = {
    "credential_id": "urn:uuid:0b8e3c4e-5d1f-4f1a-9a57-2f6f0e0c7a11",
    "award": 17,
    "achievement": "energy-positive-neighbourhoods",
    "organisation": "uni",
}
BATCH = {"batch": 4, "achievement": "energy-positive-neighbourhoods", "organisation": "uni"}

HEADERS = {
    "webhook-id": "The same each time this event is sent: what came before is known by it",
    "webhook-timestamp": "Seconds since 1970 at which this call was signed",
    "webhook-signature": "v1, and the signature with the secret of the webhook",
}


def webhooks() -> dict[str, Any]:
    """Return the section: one entry for each kind of event."""
    return {str(kind): {"post": _operation(kind)} for kind in Kind}


def _operation(kind: Kind) -> dict[str, Any]:
    data = BATCH if kind is Kind.FINISHED else CREDENTIAL
    example = {"type": str(kind), "timestamp": "2026-06-12T09:00:00+00:00", "data": data}
    text = {"type": "string"}
    members = {name: {"type": "integer"} if isinstance(data[name], int) else text for name in data}
    schema = {
        "type": "object",
        "required": sorted(example),
        "properties": {
            "type": {"const": str(kind)},
            "timestamp": text | {"format": "date-time"},
            "data": {"type": "object", "required": sorted(data), "properties": members},
        },
    }
    return {
        "summary": SUMMARIES[kind],
        "operationId": f"told_{kind.name.lower()}",
        "tags": ["webhooks"],
        "description": "Sent to the addresses that an administrator gave at the desk. Ids only.",
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": text, "description": said}
            for name, said in HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": example}},
        },
        "responses": {"2XX": {"description": "Taken; anything else is sent again later"}},
    }
