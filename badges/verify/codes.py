"""The words of the verifier: one table, from finding code to what people read.

Spec: codes in capitals are those of VCDM 2.0 §7.2, VC Data Integrity, Bitstring Status List and
      Controlled Identifiers; the others are ours.
Shape: English texts are gettext message ids: pages and prints translate them, JSON has the code.
"""

from collections.abc import Mapping

from badges.verify.presentation_codes import PRESENTATION_CODES
from badges.verify.seal_codes import SEAL_CODES
from badges.verify.wording import N_, Weight, Wording

__all__ = ["CHECK_TITLES", "CODES", "SELF_DECLARED", "SUMMARIES", "Weight", "Wording"]


_ASK_ISSUER = N_("Ask the issuer for a new copy.")
_ASK_LEARNER = N_("Ask the person who sent it for the original file.")
_TRY_LATER = N_("Try again later; if it stays so, ask the issuer.")
_NOTHING = ""

CODES: Mapping[str, Wording] = {
    # Form
    "well-formed": Wording(
        Weight.FINE,
        N_("The file is a well-formed credential"),
        N_("It has the form that the standard asks for, and nothing in it escapes the signature."),
    ),
    "PARSING_ERROR": Wording(
        Weight.FATAL,
        N_("The file cannot be read"),
        N_("It is not a credential, or it was damaged on the way."),
        _ASK_LEARNER,
    ),
    "MALFORMED_VALUE_ERROR": Wording(
        Weight.FATAL,
        N_("A value has the wrong form"),
        N_("Something that the standard fixes, like a date or an identifier, is written wrongly."),
        _ASK_ISSUER,
    ),
    "DATA_LOSS_DETECTION_ERROR": Wording(
        Weight.FATAL,
        N_("Part of the text is not covered by the signature"),
        N_("Words were added or renamed so that the signature does not protect them."),
        _ASK_LEARNER,
    ),
    "respelled-term": Wording(
        Weight.FATAL,
        N_("Something is written so that readers overlook it"),
        N_("A part, such as the end date, was renamed in a way that keeps the seal intact."),
        _ASK_LEARNER,
    ),
    "internal-error": Wording(
        Weight.BLIND,
        N_("This check went wrong on our side"),
        N_("The file made our program stumble; nothing can be said about this point."),
        N_("Tell whoever runs this service."),
    ),
    "unknown-context": Wording(
        Weight.BLIND,
        N_("The credential uses a vocabulary we do not know"),
        N_("We only use vocabularies we have checked, and never fetch one while checking."),
        N_("Ask the issuer to use the standard vocabulary."),
    ),
    "budget-exceeded": Wording(
        Weight.FATAL,
        N_("The file is too large or too tangled"),
        N_("No honest credential needs this much work to check."),
        _ASK_LEARNER,
    ),
    "not-baked": Wording(
        Weight.FATAL,
        N_("There is no credential in this picture"),
        N_("The picture carries no badge, or several, or was stripped when it was sent."),
        N_("Ask for the original file; messengers and photo apps remove the badge from a picture."),
    ),
    # Signature
    "signature-correct": Wording(
        Weight.FINE,
        N_("The seal is intact"),
        N_("Nothing was changed since it was signed."),
    ),
    "signature-correct-older-words": Wording(
        Weight.FINE,
        N_("The seal is intact"),
        N_("Nothing was changed since it was signed, under an earlier edition of the vocabulary."),
    ),
    "PROOF_VERIFICATION_ERROR": Wording(
        Weight.FATAL,
        N_("The seal is broken"),
        N_("The content was changed after it was signed, or it was never signed by this key."),
        _ASK_LEARNER,
    ),
    "PROOF_TRANSFORMATION_ERROR": Wording(
        Weight.FATAL,
        N_("The seal cannot be checked"),
        N_("The content cannot be brought into the form that is signed."),
        _ASK_ISSUER,
    ),
    "no-proof": Wording(
        Weight.FATAL,
        N_("There is no seal"),
        N_("Anybody could have written this."),
        N_("Ask for the signed credential."),
    ),
    "unsupported-suite": Wording(
        Weight.BLIND,
        N_("The seal is of a kind we do not know"),
        N_("It may be genuine; this service cannot tell."),
        N_("Ask the issuer for a credential with a current signature."),
    ),
    "nothing-to-bind": Wording(
        Weight.BLIND,
        N_("Whose key it is was not looked at"),
        N_("Without an intact seal there is nothing to connect to the issuer."),
        _NOTHING,
    ),
    "unbound": Wording(
        Weight.BLIND,
        N_("Only the signature was checked"),
        N_("Whether the key belongs to the issuer was not asked, so this says nothing about who."),
        _NOTHING,
    ),
    # Issuer
    "key-of-issuer": Wording(
        Weight.FINE,
        N_("The key belongs to the issuer"),
        N_("The issuer lists this key as one it signs credentials with."),
    ),
    "issuer-key-unconfirmed": Wording(
        Weight.REMARK,
        N_("The key is on the issuer's server, and the issuer does not list it"),
        N_("The issuer publishes no list of its keys; others may write to the same server."),
        N_("Ask the issuer to list its keys under /.well-known/jwks.json or in its profile."),
    ),
    "issuer_key_changed": Wording(
        Weight.REMARK,
        N_("The issuer's keys are not those we knew"),
        N_("All keys we had seen of this issuer are gone from its list at once."),
        N_("Ask the issuer whether it changed its keys; its web address may have been taken over."),
    ),
    "INVALID_VERIFICATION_METHOD": Wording(
        Weight.FATAL,
        N_("The key does not belong to the issuer"),
        N_("Somebody else signed, or the key has expired or was withdrawn."),
        _ASK_ISSUER,
    ),
    "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD": Wording(
        Weight.FATAL,
        N_("The key may not sign credentials"),
        N_("The issuer has this key for other purposes only."),
        _ASK_ISSUER,
    ),
    "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID": Wording(
        Weight.FATAL,
        N_("The issuer's key list is somebody else's"),
        N_("The document found at the issuer's address speaks for another identity."),
        _ASK_ISSUER,
    ),
    "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT": Wording(
        Weight.FATAL,
        N_("The issuer's key list is malformed"),
        N_("The document found at the issuer's address cannot be read."),
        _ASK_ISSUER,
    ),
    "INVALID_DID_DOCUMENT": Wording(
        Weight.FATAL,
        N_("The issuer's key list is malformed"),
        N_("The document found at the issuer's address cannot be read."),
        _ASK_ISSUER,
    ),
    "INVALID_DID": Wording(
        Weight.FATAL,
        N_("The issuer's identifier is malformed"),
        N_("It does not follow the rules of its kind."),
        _ASK_ISSUER,
    ),
    "INVALID_DID_URL": Wording(
        Weight.FATAL,
        N_("The address of the key is malformed"),
        N_("It does not follow the rules for such addresses."),
        _ASK_ISSUER,
    ),
    "invalid-key": Wording(
        Weight.FATAL,
        N_("The issuer's key is malformed or too weak"),
        N_("A signature by such a key proves nothing."),
        _ASK_ISSUER,
    ),
    "NOT_FOUND": Wording(
        Weight.BLIND,
        N_("The issuer's keys could not be had"),
        N_("The issuer's server did not answer, or has no such document."),
        _TRY_LATER,
    ),
    "METHOD_NOT_SUPPORTED": Wording(
        Weight.BLIND,
        N_("The issuer's identifier is of a kind we do not know"),
        N_("It may be genuine; this service cannot find its keys."),
        N_("Ask the issuer which service can check it."),
    ),
    # Dates
    "in-force": Wording(
        Weight.FINE,
        N_("It is in force today"),
        N_("It has begun to be valid and has not ended."),
    ),
    "expired": Wording(
        Weight.REMARK,
        N_("It has expired"),
        N_("It was genuine, and its time has run out."),
        N_("Ask whether there is a newer one."),
    ),
    "not-yet-valid": Wording(
        Weight.FATAL,
        N_("It is not valid yet"),
        N_("It begins on a later day."),
        N_("Check it again on that day."),
    ),
    # Status
    "not-revoked": Wording(
        Weight.FINE,
        N_("It has not been revoked"),
        N_("The issuer's current list says so."),
    ),
    "no-status": Wording(
        Weight.FINE,
        N_("It cannot be revoked"),
        N_("The issuer did not provide a way to withdraw it."),
    ),
    "revoked": Wording(
        Weight.FATAL,
        N_("The issuer has revoked it"),
        N_("It was genuine once and no longer counts."),
        N_("Ask the issuer why."),
    ),
    "suspended": Wording(
        Weight.REMARK,
        N_("The issuer has suspended it"),
        N_("For the time being it should not be relied on."),
        N_("Check it again later, or ask the issuer."),
    ),
    "status-message": Wording(
        Weight.REMARK,
        N_("The issuer has left a message about it"),
        N_("Its meaning is in the details."),
        _NOTHING,
    ),
    "RANGE_ERROR": Wording(
        Weight.FATAL,
        N_("Its place in the status list does not exist"),
        N_("The credential points past the end of the issuer's list."),
        _ASK_ISSUER,
    ),
    "STATUS_RETRIEVAL_ERROR": Wording(
        Weight.BLIND,
        N_("Whether it was revoked could not be checked"),
        N_("The issuer's list could not be had."),
        _TRY_LATER,
    ),
    "STATUS_VERIFICATION_ERROR": Wording(
        Weight.BLIND,
        N_("The status list cannot be trusted"),
        N_("What was found is not a current list signed by the issuer of this credential."),
        _TRY_LATER,
    ),
    "STATUS_LIST_LENGTH_ERROR": Wording(
        Weight.FATAL,
        N_("The status list is too short"),
        N_("Such a short list is against the standard, as an entry would point at a person."),
        _ASK_ISSUER,
    ),
    "unknown-status-type": Wording(
        Weight.BLIND,
        N_("Whether it was revoked could not be checked"),
        N_("The issuer uses a kind of status list we do not know."),
        N_("Ask the issuer whether it still counts."),
    ),
    # Register
    "listed": Wording(
        Weight.FINE,
        N_("The issuer is in the register"),
        N_("The register of trusted issuers lists it; name and country come from there."),
    ),
    "not-listed": Wording(
        Weight.REMARK,
        N_("The issuer is not in the register"),
        N_("The seal is intact, but we do not know who this is; its name is its own claim."),
        N_("Look at the address of the issuer, and ask there."),
    ),
    "listing-ended": Wording(
        Weight.REMARK,
        N_("The issuer was in the register, and is no more"),
        N_("It was listed for a time that has ended."),
        N_("Look at the dates in the details."),
    ),
    "register-outdated": Wording(
        Weight.BLIND,
        N_("The register of trusted issuers is out of date"),
        N_("Its own time has run out, so it says nothing about today."),
        N_("Ask whoever runs this service to renew the register."),
    ),
    "no-register": Wording(
        Weight.FINE,
        N_("No register of issuers was asked"),
        N_("The issuer is known by its address only; its name is its own claim."),
        N_("Look at the address of the issuer."),
    ),
    # E-seals
    **SEAL_CODES,
    # Schema
    "schema-kept": Wording(
        Weight.FINE,
        N_("It keeps to its schema"),
        N_("All members are of the right form."),
    ),
    "schema-remarks": Wording(
        Weight.REMARK,
        N_("It departs from its schema"),
        N_("Some programs may not display it well."),
        _ASK_ISSUER,
    ),
    "schema-unavailable": Wording(
        Weight.REMARK,
        N_("Its schema could not be had"),
        N_("Whether all members are of the right form could not be checked."),
        _TRY_LATER,
    ),
    "no-schema": Wording(
        Weight.FINE,
        N_("There is no schema for this kind"),
        N_("It follows the general rules of credentials."),
    ),
    # Presentations
    **PRESENTATION_CODES,
    # Recipient
    "recipient-matches": Wording(
        Weight.FINE,
        N_("It is for the person you asked about"),
        N_("The address or name you gave is the one in the credential."),
    ),
    "recipient-differs": Wording(
        Weight.FATAL,
        N_("It is not for the person you asked about"),
        N_("The credential was issued to somebody with another address or name."),
        N_("Ask which address it was issued to; people have several."),
    ),
    "recipient-not-asked": Wording(
        Weight.FINE,
        N_("Whom it is for was not compared"),
        N_("You did not give an address or a name to compare with."),
    ),
    # Attachments
    "resources-match": Wording(
        Weight.FINE,
        N_("Its attachments are unchanged"),
        N_("Each document it refers to has the fingerprint it says."),
    ),
    "resource-differs": Wording(
        Weight.FATAL,
        N_("An attachment was changed"),
        N_("A document it refers to has another fingerprint."),
        _ASK_ISSUER,
    ),
    "resource-unavailable": Wording(
        Weight.REMARK,
        N_("An attachment could not be had"),
        N_("Whether it is unchanged could not be checked."),
        _TRY_LATER,
    ),
    "no-resources": Wording(
        Weight.FINE,
        N_("It has no attachments"),
        N_("It refers to no document with a fingerprint."),
    ),
    # Endorsements
    "endorsed": Wording(
        Weight.FINE,
        N_("Its endorsements are genuine"),
        N_("Others have signed that they stand behind it."),
    ),
    "endorsement-not-valid": Wording(
        Weight.REMARK,
        N_("An endorsement is not valid"),
        N_("It says that somebody else stands behind it, and that is not so."),
        N_("Ignore the endorsement."),
    ),
    "endorsement-revoked": Wording(
        Weight.REMARK,
        N_("An endorsement was withdrawn"),
        N_("Whoever endorsed it stood behind it once, and does so no more."),
        N_("Ignore the endorsement."),
    ),
    "endorsement-unchecked": Wording(
        Weight.REMARK,
        N_("An endorsement could not be checked"),
        N_("Whether others stand behind it is not known."),
        _TRY_LATER,
    ),
    "no-endorsements": Wording(
        Weight.FINE,
        N_("Nobody endorsed it"),
        N_("That is usual."),
    ),
    # Refresh
    "newest": Wording(
        Weight.FINE,
        N_("It is the newest copy"),
        N_("The issuer's server has no newer one."),
    ),
    "newer-copy": Wording(
        Weight.REMARK,
        N_("There is a newer copy"),
        N_("The issuer has issued it again since."),
        N_("Ask for the newer copy."),
    ),
    "no-refresh": Wording(
        Weight.FINE,
        N_("There is no newer copy to look for"),
        N_("The issuer offers none, or its server was not asked."),
    ),
}
"""Every code a finding may have."""

CHECK_TITLES: Mapping[str, str] = {
    "structure": N_("Form"),
    "proof": N_("Seal"),
    "issuer": N_("Issuer's key"),
    "dates": N_("Dates"),
    "status": N_("Revocation"),
    "register": N_("Register of issuers"),
    "schema": N_("Schema"),
    "recipient": N_("Recipient"),
    "holder": N_("Presenter"),
    "resources": N_("Attachments"),
    "endorsements": N_("Endorsements"),
    "endorsement": N_("Endorsement"),
    "refresh": N_("Newer copy"),
    "credentials": N_("Credentials inside"),
}
"""What each check is called."""

SUMMARIES: Mapping[str, str] = {
    "valid": N_("Valid: {issuer} awarded “{name}” to {learner} on {date}."),
    "genuine_with_remarks": N_(
        "Genuine, with remarks: {reason}. {issuer} awarded “{name}” to {learner} on {date}."
    ),
    "not_valid": N_("Not valid: {reason}."),
    "could_not_check": N_("Could not be checked: {reason}."),
}
"""The one sentence of each verdict."""

SELF_DECLARED = N_("{id}, which calls itself “{name}”,")
"""An issuer whose name nobody vouches for: the address comes first."""
