"""Who calls: the client whose token was sent, at its own organisation only.

Spec: RFC 6750 §2.1, §3 (answers to a wrong token).
"""

from dataclasses import dataclass
from typing import Any

from fastapi import Depends, HTTPException, Request

from issuer.api import store
from issuer.api.model import Client, Scope
from issuer.db.session import reading
from issuer.db.token_hash import token_hash
from issuer.errors import NotFound
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.model import Organisation
from issuer.web import instance_of

__all__ = ["Caller", "caller"]


@dataclass(frozen=True, slots=True)
class Caller:
    """A client at the door of its organisation, with what it came for allowed."""

    instance: Instance
    client: Client
    organisation: Organisation

    @property
    def actor(self) -> str:
        """How the audit log names it."""
        return self.client.actor


def caller(scope: Scope) -> Any:
    """Ask for a token with this scope, given to a client of the organisation in the address."""

    def check(slug: str, request: Request) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise refused(401, 'Bearer realm="learnseal"')
        instance = instance_of(request)
        with reading(instance.engine) as connection:
            found = store.client_of_token(connection, token_hash(token.strip()), instance.now())
            if found is None:
                raise refused(401, 'Bearer error="invalid_token"')
            client, granted = found
            organisation = organisations.by_slug(connection, slug)
        if organisation.id != client.organisation_id:
            raise NotFound("this client has no such organisation")
        if scope not in granted:
            raise refused(403, f'Bearer error="insufficient_scope", scope="{scope}"')
        return Caller(instance, client, organisation)

    return Depends(check)


def refused(status: int, challenge: str) -> HTTPException:
    """Return the answer to who may not come in."""
    return HTTPException(status, headers={"WWW-Authenticate": challenge})
