"""Is it in force, withdrawn, recognised: rows V15, V16 and V19 of the threat model."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from badges.status import bits
from badges.verify import Outcome, Policy, Verdict, parse_register

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DID = "did:web:morgenau.example"
LIST = "https://morgenau.example/status/1"


def stamp(**shift):
    return (NOW + timedelta(**shift)).strftime("%Y-%m-%dT%H:%M:%SZ")


def register(*issuers, **more):
    return Policy(register=parse_register(json.dumps({"name": "R", "issuers": issuers, **more})))


LISTED = {"id": DID, "name": "University of Morgenau", "country": "AT", "since": stamp(days=-9)}


@pytest.mark.parametrize(
    ("begins", "verdict"),
    [(59, Verdict.VALID), (61, Verdict.NOT_VALID), (0, Verdict.VALID), (-1, Verdict.VALID)],
)
def test_v19_clocks_may_differ_by_a_minute(uni, draft, verify, begins, verdict):
    signed = uni.sign({**draft, "validFrom": stamp(seconds=begins)})
    assert verify(signed).verdict is verdict


@pytest.mark.parametrize(
    ("ends", "verdict"), [(-59, Verdict.VALID), (-61, Verdict.GENUINE_WITH_REMARKS)]
)
def test_v19_an_end_counts_a_minute_later(uni, draft, verify, ends, verdict):
    signed = uni.sign({**draft, "validUntil": stamp(seconds=ends)})
    assert verify(signed).verdict is verdict


def test_v19_how_far_clocks_may_differ_is_a_choice(uni, draft, verify):
    signed = uni.sign({**draft, "validFrom": stamp(seconds=200)})
    assert verify(signed).verdict is Verdict.NOT_VALID
    assert verify(signed, policy=Policy(skew=timedelta(minutes=5))).verdict is Verdict.VALID


@pytest.mark.parametrize("member", ["validFrom", "validUntil"])
@pytest.mark.parametrize(
    "text", ["2026-11-01", "never", "", "2026-13-01T00:00:00Z", "2030-01-01T00:00:00"]
)
def test_v19_a_date_nobody_can_read_is_never_in_force(uni, draft, verify, member, text):
    signed = uni.sign({**draft, member: text}, suite="eddsa-jcs-2022")
    report = verify(signed)
    assert report.verdict is Verdict.NOT_VALID
    assert report.finding("dates").code == "MALFORMED_VALUE_ERROR"


def test_v19_dates_that_contradict_are_never_in_force(uni, draft, verify):
    signed = uni.sign({**draft, "validUntil": stamp(days=-3)})
    assert verify(signed).verdict is Verdict.NOT_VALID


def test_v15_without_a_register_a_name_is_only_a_claim(badge, verify):
    report = verify(badge)
    assert report.finding("register").outcome is Outcome.NOT_APPLICABLE
    assert report.credential["issuer"]["name_source"] == "self-declared"


def test_v15_a_listed_issuer_gets_its_name_from_the_register(badge, verify):
    report = verify(badge, policy=register(LISTED))
    assert report.verdict is Verdict.VALID
    assert report.credential["issuer"]["name"] == "University of Morgenau"
    assert report.credential["issuer"]["name_source"] == "register"


@pytest.mark.parametrize(
    "listed",
    [
        {"id": "did:web:rnorgenau.example", "name": "Universitat Morgenau"},
        {"id": "did:web:morgenau.example.evil.example", "name": "Universitat Morgenau"},
        {"id": DID.upper(), "name": "Universitat Morgenau"},
        {"id": DID + "#key-1", "name": "Universitat Morgenau"},
    ],
    ids=str,
)
def test_v15_a_known_name_under_another_address_is_not_recognised(badge, verify, listed):
    report = verify(badge, policy=register(listed))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert report.finding("register").code == "not-listed"
    assert report.credential["issuer"]["name_source"] == "self-declared"


def test_v15_a_listing_that_ended_is_a_remark(badge, verify):
    ended = {**LISTED, "until": stamp(days=-1)}
    report = verify(badge, policy=register(ended))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert report.credential["issuer"]["name_source"] == "self-declared"


def test_v15_a_register_past_its_date_recognises_nobody(badge, verify):
    report = verify(badge, policy=register(LISTED, expires=stamp(days=-1)))
    assert report.verdict is Verdict.COULD_NOT_CHECK


def test_v15_a_forger_does_not_get_the_name_of_the_listed(badge, verify):
    forged = {**badge, "name": "Master of Science"}
    report = verify(forged, policy=register(LISTED))
    assert report.verdict is Verdict.NOT_VALID
    assert report.credential["protected"] is False
    assert report.credential["issuer"]["name_source"] == "self-declared"


def test_v16_a_set_bit_revokes(uni, badge, verify):
    bits.write(uni.bits, 7, 1)
    uni.publish_list()
    report = verify(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert report.finding("status").code == "revoked"


def test_v16_the_neighbours_bit_does_not(uni, badge, verify):
    for index in (0, 6, 8, 56, 63):
        bits.write(uni.bits, index, 1)
    uni.publish_list()
    assert verify(badge).verdict is Verdict.VALID


def test_v16_a_suspended_badge_is_genuine_with_a_remark(uni, draft, verify):
    entry = {**draft["credentialStatus"], "statusPurpose": "suspension"}
    bits.write(uni.bits, 7, 1)
    listed = uni.list_credential()
    listed["credentialSubject"]["statusPurpose"] = "suspension"
    uni.publish_list(credentialSubject=listed["credentialSubject"])
    report = verify(uni.sign({**draft, "credentialStatus": entry}))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS


def without_list(uni):
    return {url: page for url, page in uni.pages.items() if url != LIST}


def test_v16_an_unreachable_list_is_neither_green_nor_red(uni, badge, verify):
    report = verify(badge, pages=without_list(uni))
    assert report.verdict is Verdict.COULD_NOT_CHECK
    assert report.finding("status").code == "STATUS_RETRIEVAL_ERROR"


def page_with(uni, document, **change):
    old = uni.pages[LIST]
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return uni.pages | {LIST: replace(old, body=body, **change)}


LISTS = {
    "unsigned": lambda uni: uni.list_credential(),
    "forged": lambda uni: {**uni.sign(uni.list_credential()), "validUntil": stamp(days=99)},
    "expired": lambda uni: uni.sign(
        uni.list_credential(validFrom=stamp(days=-9), validUntil=stamp(minutes=-5))
    ),
    "of the future": lambda uni: uni.sign(uni.list_credential(validFrom=stamp(days=1))),
    "another list": lambda uni: uni.sign(uni.list_credential(id=LIST + "0")),
    "another type": lambda uni: uni.sign(uni.list_credential(type=["VerifiableCredential"])),
    "other issuer": lambda uni: uni.sign(uni.list_credential(issuer="did:web:other.example")),
    "not a credential": lambda uni: {"hello": "world"},
    "a list of lists": lambda uni: [uni.sign(uni.list_credential())],
    "nothing": lambda uni: b"",
    "html": lambda uni: b"<html>",
    "malformed date": lambda uni: uni.sign(
        uni.list_credential(validUntil="soon"), suite="eddsa-jcs-2022"
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_v16_a_list_that_cannot_be_relied_on_never_clears(uni, badge, verify, kind):
    report = verify(badge, pages=page_with(uni, LISTS[kind](uni)))
    assert report.verdict in {Verdict.COULD_NOT_CHECK, Verdict.NOT_VALID}
    assert report.finding("status").outcome is not Outcome.PASSED


def test_v16_a_list_of_another_issuer_with_its_own_key_never_clears(uni, badge, verify):
    other = type(uni)(did="did:web:other.example", list_url=LIST)
    pages = uni.pages | other.pages
    report = verify(badge, pages=pages)
    assert report.verdict is Verdict.COULD_NOT_CHECK


def test_v16_a_list_behind_an_error_does_not_count(uni, badge, verify):
    pages = page_with(uni, uni.pages[LIST].body, status=503)
    assert verify(badge, pages=pages).verdict is Verdict.COULD_NOT_CHECK


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"statusListIndex": "131072"}, "RANGE_ERROR"),
        ({"statusListIndex": "7abc"}, "MALFORMED_VALUE_ERROR"),
        ({"statusListIndex": "-1"}, "MALFORMED_VALUE_ERROR"),
        ({"statusListIndex": "0x7"}, "MALFORMED_VALUE_ERROR"),
        ({"statusPurpose": "suspension"}, "STATUS_VERIFICATION_ERROR"),
        ({"statusPurpose": "refresh"}, "STATUS_VERIFICATION_ERROR"),
        ({"type": "SomethingStatus2030"}, "unknown-status-type"),
    ],
    ids=str,
)
def test_v16_an_entry_that_cannot_be_followed_never_clears(uni, draft, verify, change, code):
    entry = {**draft["credentialStatus"], **change}
    signed = uni.sign({**draft, "credentialStatus": entry}, suite="eddsa-jcs-2022")
    report = verify(signed)
    assert report.verdict is not Verdict.VALID
    assert report.finding("status").code == code


@pytest.mark.parametrize("missing", ["statusPurpose", "statusListIndex", "statusListCredential"])
def test_v16_an_entry_without_a_member_never_clears(uni, draft, verify, missing):
    entry = {k: v for k, v in draft["credentialStatus"].items() if k != missing}
    report = verify(uni.sign({**draft, "credentialStatus": entry}))
    assert report.verdict is Verdict.NOT_VALID


@pytest.mark.parametrize(
    "change",
    [
        {"@context": "https://www.w3.org/ns/credentials/v2"},
        {"type": "BitstringStatusListCredential"},
        {"type": ["VerifiableCredential"]},
        {"validUntil": "2027-01-01T00:00:00"},
        {"validFrom": "yesterday"},
        {"validUntil": "2026-10-01T00:00:00Z"},
        {"id": ["https://morgenau.example/status/1"]},
        {"credentialSubject": []},
    ],
    ids=str,
)
def test_v16_a_list_that_is_no_credential_never_clears(uni, badge, verify, change):
    listed = uni.sign(uni.list_credential(**change), suite="eddsa-jcs-2022")
    report = verify(badge, pages=page_with(uni, listed))
    assert report.finding("status").code == "STATUS_VERIFICATION_ERROR"
    assert report.verdict is Verdict.COULD_NOT_CHECK


def test_v16_a_short_list_never_clears(uni, badge, verify):
    short = uni.list_credential()
    short["credentialSubject"]["encodedList"] = bits.pack(bytes(8))
    report = verify(badge, pages=page_with(uni, uni.sign(short)))
    assert report.finding("status").code == "STATUS_LIST_LENGTH_ERROR"
    assert report.verdict is Verdict.NOT_VALID


def test_v10_a_list_that_is_a_bomb_never_clears(uni, badge, verify):
    import base64
    import gzip

    bomb = gzip.compress(bytes(bits.MAX_BYTES + 1), mtime=0)
    encoded = "u" + base64.urlsafe_b64encode(bomb).rstrip(b"=").decode()
    listed = uni.list_credential()
    listed["credentialSubject"]["encodedList"] = encoded
    report = verify(badge, pages=page_with(uni, uni.sign(listed)))
    assert report.finding("status").code == "STATUS_VERIFICATION_ERROR"


def test_v16_of_two_entries_the_worse_speaks(uni, draft, verify):
    clear = draft["credentialStatus"]
    gone = {**clear, "id": "urn:x:2", "statusListIndex": "8"}
    bits.write(uni.bits, 8, 1)
    uni.publish_list()
    for order in ([clear, gone], [gone, clear]):
        report = verify(uni.sign({**draft, "credentialStatus": order}))
        assert report.finding("status").code == "revoked"


def test_v16_a_status_that_needs_a_status_does_not_loop(uni, badge, verify):
    entry = {**badge["credentialStatus"]}
    listed = uni.sign({**uni.list_credential(), "credentialStatus": entry})
    assert verify(badge, pages=page_with(uni, listed)).verdict is Verdict.VALID


def test_a_badge_without_a_status_says_that_it_cannot_be_revoked(uni, draft, verify):
    plain = {k: v for k, v in draft.items() if k != "credentialStatus"}
    report = verify(uni.sign(plain))
    assert report.verdict is Verdict.VALID
    assert report.finding("status").code == "no-status"


def revocation_list(uni, **change):
    document = {"id": "https://morgenau.example/old", "issuer": DID, "revokedCredential": []}
    url = document["id"]
    return uni.pages | {url: replace(uni.pages[LIST], body=json.dumps(document | change).encode())}


def old_badge(uni, draft):
    entry = {"id": "https://morgenau.example/old", "type": "1EdTechRevocationList"}
    extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
    contexts = [*draft["@context"], extensions]
    return uni.sign({**draft, "@context": contexts, "credentialStatus": entry})


def test_v16_old_revocation_lists_are_read_and_fail_closed(uni, draft, verify):
    badge = old_badge(uni, draft)
    assert verify(badge, pages=revocation_list(uni)).verdict is Verdict.VALID
    gone = [{"id": draft["id"], "revoked": True}]
    pages = revocation_list(uni, revokedCredential=gone)
    assert verify(badge, pages=pages).verdict is Verdict.NOT_VALID
    for change in (
        {"issuer": "did:web:x"},
        {"revokedCredential": None},
        {"id": "https://x.example"},
    ):
        pages = revocation_list(uni, **change)
        assert verify(badge, pages=pages).verdict is Verdict.COULD_NOT_CHECK
    assert verify(badge).verdict is Verdict.COULD_NOT_CHECK


IRI = "https://www.w3.org/2018/credentials#validUntil"


def test_v16_an_old_list_whose_end_is_respelled_never_clears(uni, badge, verify):
    old = uni.sign(uni.list_credential(validFrom=stamp(days=-9), validUntil=stamp(days=-5)))
    date = {"@value": old.pop("validUntil"), "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
    report = verify(badge, pages=page_with(uni, {**old, IRI: date}))
    assert report.finding("status").code == "STATUS_VERIFICATION_ERROR"
    assert report.verdict is Verdict.COULD_NOT_CHECK
