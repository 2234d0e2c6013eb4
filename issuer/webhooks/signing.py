"""Sign a call as Standard Webhooks asks for; the only file that knows the library.

Spec: Standard Webhooks 1.0, symmetric signatures (``v1``). A secret is derived, never kept:
HMAC-SHA256 of the webhook's salt under a key of this service.
"""

import base64
import hashlib
import hmac
from datetime import datetime

from standardwebhooks.webhooks import Webhook as Signer

__all__ = ["derive", "headers"]


def derive(key: bytes, salt: bytes) -> str:
    """Return the secret of a webhook as its receiver configures it."""
    return f"whsec_{base64.b64encode(hmac.digest(key, salt, hashlib.sha256)).decode()}"


def headers(secret: str, event_id: str, at: datetime, body: str) -> dict[str, str]:
    """Return the headers that prove who calls."""
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(secret).sign(event_id, at, body),
    }
