"""How a wallet is told no: the error codes of OAuth and OpenID4VCI, and their HTTP status.

Spec: OpenID4VCI 1.0 §6.3, §7.3, §8.3.1, §9.3, §11.3; RFC 6749 §4.1.2.1 and §5.2; RFC 6750 §3;
RFC 9396 §5; RFC 9449 §5 and §7.
Shape: ``{"error": code, "error_description": why}``; token problems are 401 and say how to
authenticate in ``WWW-Authenticate``.
"""

from collections.abc import Mapping
from enum import StrEnum

from issuer.errors import IssuerError

__all__ = ["Code", "Refused"]


class Code(StrEnum):
    """Every code a wallet can receive."""

    INVALID_REQUEST = "invalid_request"
    INVALID_GRANT = "invalid_grant"
    INVALID_CLIENT = "invalid_client"
    INVALID_SCOPE = "invalid_scope"
    INVALID_AUTHORIZATION_DETAILS = "invalid_authorization_details"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"
    ACCESS_DENIED = "access_denied"
    INVALID_TOKEN = "invalid_token"  # noqa: S105 - an error code
    INVALID_DPOP_PROOF = "invalid_dpop_proof"
    INVALID_CREDENTIAL_REQUEST = "invalid_credential_request"
    UNKNOWN_CREDENTIAL_CONFIGURATION = "unknown_credential_configuration"
    UNKNOWN_CREDENTIAL_IDENTIFIER = "unknown_credential_identifier"
    INVALID_PROOF = "invalid_proof"
    INVALID_NONCE = "invalid_nonce"
    INVALID_ENCRYPTION_PARAMETERS = "invalid_encryption_parameters"
    CREDENTIAL_REQUEST_DENIED = "credential_request_denied"
    INVALID_TRANSACTION_ID = "invalid_transaction_id"
    INVALID_NOTIFICATION_ID = "invalid_notification_id"
    INVALID_NOTIFICATION_REQUEST = "invalid_notification_request"


class Refused(IssuerError):
    """The wallet's request was refused."""

    def __init__(self, error: Code, why: str, *, status: int = 400) -> None:
        super().__init__(why)
        self.code = error.value
        self.error = error
        self.why = why
        self.status = 401 if error is Code.INVALID_TOKEN else status

    def headers(self) -> Mapping[str, str]:
        """Return what RFC 6750 §3 wants beside a 401."""
        if self.status != 401:
            return {}
        return {
            "WWW-Authenticate": f'DPoP error="{self.error}", algs="ES256 EdDSA", '
            f'Bearer error="{self.error}"'
        }
