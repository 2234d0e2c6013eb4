"""What can go wrong between a wallet and an issuer."""

from typing import ClassVar

__all__ = [
    "InvalidAnswer",
    "InvalidOffer",
    "NotForThisWallet",
    "NotTrustworthy",
    "Refused",
    "TxCodeNeeded",
    "UnknownCredential",
    "Unreachable",
    "WalletError",
]


class WalletError(Exception):
    """The wallet could not do what it was asked."""

    code: ClassVar[str] = "wallet-error"


class InvalidOffer(WalletError):
    """This is not an offer the wallet can use."""

    code = "invalid-offer"


class TxCodeNeeded(WalletError):
    """The issuer sent a code by another way, and it is needed here."""

    code = "tx-code-needed"


class Unreachable(WalletError):
    """The issuer cannot be reached, or must not be."""

    code = "unreachable"


class InvalidAnswer(WalletError):
    """The issuer answered with something a wallet cannot use."""

    code = "invalid-answer"


class Refused(WalletError):
    """The issuer said no."""

    code = "refused"

    def __init__(self, message: str, error: str = "") -> None:
        super().__init__(message)
        self.error = error
        """The error code of the issuer, in its own words."""


class NotForThisWallet(WalletError):
    """The credential is bound to the key of somebody else; it was not kept."""

    code = "not-for-this-wallet"


class NotTrustworthy(WalletError):
    """The credential does not hold what it says; it was not kept."""

    code = "not-trustworthy"


class UnknownCredential(WalletError):
    """The wallet has no such credential."""

    code = "unknown-credential"
