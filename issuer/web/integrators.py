"""Who may use the interfaces of integrators: who has the token, or this machine's own people."""

import hmac
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from issuer.errors import NotAllowed
from issuer.web.request import instance_of

__all__ = ["integrators_only"]

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def integrators_only(request: Request) -> None:
    """Let integrators in: with the token, or on a machine that serves nobody else.

    Raises:
        HTTPException: the token is missing or wrong (RFC 6750 §3).
        NotAllowed: there is no token, and the service serves others too.
    """
    settings = instance_of(request).settings
    if settings.vc_api_token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), settings.vc_api_token.encode()):
            raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="VC-API"'})
    elif urlsplit(settings.origin).hostname not in LOCAL:
        raise NotAllowed("this service serves integrators only when LEARNSEAL_VC_API_TOKEN is set")
