"""What an offer's log means, in plain words: each step, and what to do about each refusal."""

from issuer.oid4vci.refusal import Code
from issuer.web.i18n import gettext as _

__all__ = ["hint", "step_words"]


def step_words() -> dict[str, str]:
    """Say what happened at each step of a session."""
    return {
        "offer": _("The offer was made"),
        "fetch": _("The wallet fetched the offer"),
        "authorize": _("The learner was asked in the browser"),
        "token": _("The wallet showed the code of the offer"),
        "credential": _("The wallet asked for the credential"),
        "waiting": _("The wallet was told to come back later"),
        "deferred": _("The wallet came back for the credential"),
        "notification": _("The wallet told what became of it"),
    }


def hint(step: str, code: str | None) -> str:
    """Say what helps a learner whose wallet was told `code` at this step; nothing for no code."""
    if code is None:
        return ""
    if step in _BY_STEP and code in _BY_STEP[step]:
        return _(_BY_STEP[step][code])
    return _(_BY_CODE.get(code, _WALLET))


def N_(message: str) -> str:  # noqa: N802 - the name that message extractors know
    """Mark a text for translation where it stands in a table."""
    return message


_NEW_OFFER = N_("Ask the learner to open the claim page and make a new code.")
_WALLET = N_(
    "The wallet did not keep to the protocol: update it or try another one, and tell its maker."
)
_PROOF = N_(
    "The wallet did not prove its key as it should: update it or try another one, and check that "
    "the clock of the phone is right."
)
_REPEAT = N_("The wallet should try again by itself. If it does not, make a new code.")

_BY_CODE: dict[str, str] = {
    Code.INVALID_GRANT: _NEW_OFFER,
    Code.ACCESS_DENIED: _NEW_OFFER,
    Code.INVALID_TOKEN: _NEW_OFFER,
    Code.INVALID_TRANSACTION_ID: _NEW_OFFER,
    Code.INVALID_PROOF: _PROOF,
    Code.INVALID_DPOP_PROOF: _PROOF,
    Code.INVALID_NONCE: _REPEAT,
    Code.INVALID_CLIENT: N_(
        "Only wallets of makers that the organisation trusts are let in here: try one of them."
    ),
    Code.CREDENTIAL_REQUEST_DENIED: N_(
        "Look at the award: it may be revoked or suspended. Otherwise make a new code."
    ),
}

_BY_STEP: dict[str, dict[str, str]] = {
    "token": {
        Code.INVALID_REQUEST: N_(
            "The wallet must ask for the code that came the other way, if there is one, and send "
            "it along."
        ),
        Code.INVALID_GRANT: N_(
            "The code was wrong, used or too old. After five wrong ones the offer is locked: make "
            "a new code on the claim page."
        ),
    },
    "fetch": {Code.INVALID_REQUEST: _NEW_OFFER},
}
"""Hints that are better than those of the code alone."""
