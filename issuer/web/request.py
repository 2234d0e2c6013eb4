"""What a door asks of the request in its hands."""

from fastapi import Request

from issuer.instance import Instance

__all__ = ["instance_of"]


def instance_of(request: Request) -> Instance:
    """Return the service this request came to."""
    instance: Instance = request.app.state.instance
    return instance
