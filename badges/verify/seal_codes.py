"""The words of the verifier for e-seals. English texts are gettext message ids."""

from collections.abc import Mapping

from badges.verify.wording import N_, Weight, Wording

__all__ = ["SEAL_CODES"]

_ASK_ISSUER = N_("Ask the issuer for a new copy.")

SEAL_CODES: Mapping[str, Wording] = {
    "seal-of-issuer": Wording(
        Weight.FINE,
        N_("The seal is the issuer's"),
        N_("The seal certificate names the organisation that the credential names as its issuer."),
    ),
    "seal-of-another": Wording(
        Weight.FATAL,
        N_("The seal is somebody else's"),
        N_("The credential names one issuer and the seal certificate another."),
        _ASK_ISSUER,
    ),
    "seal-trusted": Wording(
        Weight.FINE,
        N_("The seal comes from a trusted authority"),
        N_("The trust list names the authority that checked who the owner of this seal is."),
    ),
    "seal-not-trusted": Wording(
        Weight.FATAL,
        N_("The seal does not come from a trusted authority"),
        N_("Nobody on the trust list has checked who made this seal; anybody could have."),
        _ASK_ISSUER,
    ),
    "trust-list-not-checked": Wording(
        Weight.BLIND,
        N_("The seal is valid, the trust list was not checked"),
        N_("Nothing was changed, but this service holds no list that tells whose seal this is."),
        N_("Check it with the Europass viewer, or ask whoever runs this service for a trust list."),
    ),
    "test-seal": Wording(
        Weight.REMARK,
        N_("This is a test seal"),
        N_("It was made for a demonstration; Europass will not accept it."),
        N_("Ask the issuer for a credential with its official seal."),
    ),
    "test-seal-unlisted": Wording(
        Weight.BLIND,
        N_("This is a test seal of somebody unknown"),
        N_("It was made for a demonstration, and not by this service."),
        N_("Ask the issuer for a credential with its official seal."),
    ),
    "seal-certificate-revoked": Wording(
        Weight.FATAL,
        N_("The seal had been withdrawn"),
        N_("When this was sealed, the authority had already revoked the seal's certificate."),
        _ASK_ISSUER,
    ),
    "seal-revocation-not-checked": Wording(
        Weight.REMARK,
        N_("Whether the seal was withdrawn was not checked"),
        N_("A trusted authority knows the owner, but the file does not prove that the seal stood."),
        N_("Check it with the Europass viewer, which asks the authority."),
    ),
    "seal-time-unproven": Wording(
        Weight.BLIND,
        N_("When it was sealed cannot be proved"),
        N_("Without a timestamp we can trust, nobody knows whether the seal was still valid then."),
        _ASK_ISSUER,
    ),
}
