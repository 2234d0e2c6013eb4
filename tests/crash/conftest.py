"""The databases of the issuer's tests."""

from tests.issuer.conftest import database_url, postgres

__all__ = ["database_url", "postgres"]
