"""What staff call the fields of a credential, so that a message can be understood.

Shape: EDC term → (name in the office's words, where the value comes from).
"""

from collections.abc import Mapping

__all__ = ["FIELDS", "name_of"]

FIELDS: Mapping[str, tuple[str, str]] = {
    "accreditation": ("quality assurance", "achievement → quality assurance"),
    "accreditingAgent": ("quality assurance agency", "achievement → quality assurance → agency"),
    "address": ("address", "organisation → address"),
    "awardedBy": ("awarding process", "achievement → awarding body"),
    "awardingBody": ("awarding body", "achievement → awarding body"),
    "awardingDate": ("date of the award", "award → date"),
    "content": ("image content", "page image or logo"),
    "contentEncoding": ("image encoding", "page image or logo"),
    "contentType": ("image type", "page image or logo"),
    "contentURL": ("web address", "the link itself"),
    "countryCode": ("country", "organisation → country"),
    "credentialProfiles": ("credential profile", "the export makes it"),
    "credentialSchema": ("credential schema", "the export makes it"),
    "credentialSubject": ("learner", "award → learner"),
    "creditPoint": ("credits (ECTS)", "achievement → credits"),
    "dcType": ("type", "the type of this object"),
    "displayDetail": ("page", "page image"),
    "displayParameter": ("display", "page image"),
    "eIDASIdentifier": ("legal (eIDAS) identifier", "organisation → legal identifier"),
    "eqfLevel": ("EQF level", "achievement → level"),
    "familyName": ("family name", "award → learner"),
    "framework": ("credit system", "achievement → credits"),
    "givenName": ("given name", "award → learner"),
    "grade": ("grade or result", "award → result"),
    "hasClaim": ("achievement", "award → achievement"),
    "individualDisplay": ("page for a language", "page image"),
    "idVerification": ("supervision and identity check", "achievement → supervision"),
    "image": ("page image", "page image"),
    "issued": ("date of issuing", "sealing sets it"),
    "issuer": ("issuer", "organisation"),
    "language": ("language", "achievement → languages"),
    "learningOutcome": ("learning outcome", "achievement → learning outcomes"),
    "learningSetting": ("learning setting", "achievement → learning setting"),
    "legalName": ("legal name", "organisation → legal name"),
    "location": ("location", "organisation → country"),
    "mode": ("form of participation", "achievement → participation"),
    "notation": ("identifier", "organisation → legal identifier"),
    "noteLiteral": ("text of the note", "the note itself"),
    "nqfLevel": ("national level", "achievement → level"),
    "point": ("number of credits", "achievement → credits"),
    "primaryLanguage": ("main language", "achievement → languages"),
    "relatedESCOSkill": ("ESCO skill", "achievement → skills"),
    "spatial": ("country of the identifier", "organisation → legal identifier → country"),
    "thematicArea": ("field of study (ISCED-F)", "achievement → field of study"),
    "title": ("title", "achievement → title"),
    "expirationDate": ("end of validity", "award → expiry"),
    "validFrom": ("start of validity", "award → date"),
    "validUntil": ("end of validity", "award → expiry"),
    "volumeOfLearning": ("workload", "achievement → workload"),
}


def name_of(term: str) -> str:
    """Name a field: the office's word, with the term of the standard behind it."""
    words = FIELDS.get(term, ("", ""))[0]
    return f"{words} ({term})" if words else f"field “{term}”"
