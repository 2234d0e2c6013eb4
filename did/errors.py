"""What can go wrong with DIDs, their documents, their keys and the way to them.

Spec: codes of DID Resolution, and of Controlled Identifiers v1.0 §3.4 where it has its own.
"""

from typing import ClassVar

__all__ = [
    "DidDocumentIdMismatch",
    "DidError",
    "DidNotFound",
    "FetchRefused",
    "InvalidDid",
    "InvalidDidDocument",
    "InvalidDidUrl",
    "InvalidKey",
    "InvalidRelationship",
    "InvalidVerificationMethod",
    "KeyUnavailable",
    "MethodNotSupported",
]


class DidError(Exception):
    """Something about a DID, its document or its keys is not right."""

    code: ClassVar[str] = "INTERNAL_ERROR"


class InvalidDid(DidError):
    """The identifier is not a DID we can read."""

    code = "INVALID_DID"


class InvalidDidUrl(DidError):
    """The address of the key is not a DID URL."""

    code = "INVALID_DID_URL"


class MethodNotSupported(DidError):
    """The DID uses a method we do not know."""

    code = "METHOD_NOT_SUPPORTED"


class DidNotFound(DidError):
    """The DID document could not be found."""

    code = "NOT_FOUND"


class InvalidDidDocument(DidError):
    """The DID document is malformed."""

    code = "INVALID_DID_DOCUMENT"


class DidDocumentIdMismatch(InvalidDidDocument):
    """The DID document belongs to another DID."""

    code = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


class InvalidVerificationMethod(DidError):
    """The key is not in the DID document, or must not be used (any more)."""

    code = "INVALID_VERIFICATION_METHOD"


class InvalidRelationship(DidError):
    """The DID document does not allow the key for this purpose."""

    code = "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"


class InvalidKey(DidError):
    """The key is malformed, too weak, of an unknown kind, or holds a secret it must not show."""

    code = "invalid-key"


class FetchRefused(DidError):
    """The address must not be fetched, or what came back broke a limit."""

    code = "fetch-refused"


class KeyUnavailable(DidError):
    """The private key cannot be opened."""

    code = "key-unavailable"
