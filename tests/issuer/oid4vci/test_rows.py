"""Every row of the checklist, of the measured facts and of the threat table has its test.

The tables name tests; a name that is no test, or a test that no longer says the code it is named
for, fails here. `mso_mdoc` and `jwt_vc_json-ld` are not offered; presentations are a room of their
own.
"""

import inspect

import pytest

from issuer.oid4vci.refusal import Code
from tests.issuer.oid4vci import (
    test_compat,
    test_copies,
    test_encryption,
    test_flow_over_http,
    test_holder_proofs,
    test_metadata,
    test_refusals,
    test_session_log,
    test_tickets,
    test_wallet_attestation,
    test_wallet_check,
    test_wallet_initiated,
)

MODULES = (
    test_compat,
    test_copies,
    test_encryption,
    test_flow_over_http,
    test_holder_proofs,
    test_metadata,
    test_refusals,
    test_session_log,
    test_tickets,
    test_wallet_attestation,
    test_wallet_check,
    test_wallet_initiated,
)

CHECKLIST = {
    1: ["an_offer_names_nobody_and_hides_the_code", "the_right_transaction_code_opens_the_offer"],
    2: ["an_offer_by_value_works_as_well", "an_offer_cannot_be_guessed"],
    3: ["a_wallet_receives_a_badge"],
    4: ["the_issuer_is_named_as_in_the_offer", "every_address_is_https_and_under_the_issuer"],
    5: ["older_wallets_find_the_same_where_they_look"],
    6: ["the_metadata_can_be_had_signed", "plain_metadata_is_the_rule"],
    7: ["a_reader_may_ask_for_a_language"],
    8: ["the_server_is_described_at_every_path"],
    9: ["a_code_is_used_once", "a_code_dies_after_ten_minutes"],
    10: ["the_authorization_code_flow", "the_claim_code_leads_back_to_the_wallet"],
    11: ["details_in_the_token_request_give_identifiers", "the_authorization_code_flow"],
    12: ["a_wallet_of_today_sees_no_member_of_old"],
    13: ["a_token_bound_to_a_key", "a_bound_token_needs_its_key"],
    14: ["a_wallet_that_is_vouched_for", "attestations_that_are_not_right"],
    15: ["a_nonce_that_is_too_old", "a_wallet_of_today_sees_no_member_of_old"],
    16: ["what_was_not_granted", "both_proof_and_proofs_are_refused"],
    17: ["a_spoilt_proof", "the_client_is_who_it_was"],
    18: ["a_presentation_proves_the_key", "a_presentation_that_is_not_for_us"],
    19: ["an_attestation_stands_for_each_of_its_keys"],
    20: ["an_attested_proof", "an_attestation_of_other_keys"],
    21: ["a_batch_gives_one_copy_for_each_key", "batches_that_are_not_right"],
    22: ["a_wallet_receives_a_badge", "a_deferred_badge_comes_later"],
    23: ["a_deferred_badge_comes_later", "a_transaction_that_is_not_there"],
    24: ["the_state_of_an_offer_follows_the_wallet", "notifications_that_are_not_right"],
    25: ["request_and_answer_are_encrypted", "parameters_that_are_not_right"],
    26: ["each_badge_comes_in_three_formats", "a_configuration_says_what_its_format_needs"],
    27: ["older_wallets_find_the_same_where_they_look"],
    28: ["token_requests_that_are_not_right", "what_was_not_granted", "a_token_that_is_none"],
}
"""Rows of OpenID4VCI 1.0 that an issuer and its authorization server have."""

FACTS = {
    1: ["a_configuration_says_what_its_format_needs"],
    2: ["a_jwt_badge_is_what_jwt_wallets_know", "an_sd_jwt_is_bound_to_the_key_and_hides_the_name"],
    3: ["a_deferred_badge_comes_later"],
    4: ["one_identifier_may_be_named_by_its_configuration_where_switched"],
    5: ["older_wallets_find_the_same_where_they_look", "one_proof_of_old_is_read_as_proofs"],
    6: ["the_vc_api_world_is_served_where_it_is_switched_on", "and_fails_cleanly_where_it_is_not"],
    7: ["party_information_in_the_header_is_honoured"],
    8: ["a_spoilt_proof", "what_was_not_granted", "parameters_that_are_not_right"],
    9: ["offers_name_one_configuration_and_nothing_is_deferred_by_default"],
    10: ["offers_name_one_configuration_and_nothing_is_deferred_by_default"],
}
"""What published wallets were measured to do; `tests/journeys` runs the wallets themselves."""

THREATS = {
    "offer theft": {
        "transaction_code_missing_wrong_or_unexpected": ["invalid_request", "invalid_grant"]
    },
    "tx_code brute force": {"a_transaction_code_cannot_be_tried_for_ever": ["invalid_grant"]},
    "code replay, race": {
        "a_code_is_used_once": ["invalid_grant"],
        "of_eight_at_once_exactly_one_wins": ["invalid_grant"],
        "of_eight_guesses_at_once_five_are_heard": ["invalid_grant"],
    },
    "grant confusion": {
        "a_pre_authorized_code_is_no_authorization_code": ["invalid_grant"],
        "other_grants_are_not_known": ["unsupported_grant_type"],
    },
    "offer phishing": {
        "an_offer_names_nobody_and_hides_the_code": [],
        "an_offer_cannot_be_guessed": ["404"],
        "no_secret_is_in_the_log": [],
    },
    "nonce": {
        "a_nonce_that_is_made_up": ["invalid_nonce"],
        "a_nonce_that_was_used": ["invalid_nonce"],
        "a_spoilt_proof": ["invalid_proof"],
        "one_nonce_at_once_serves_one_request": [],
    },
    "proof forging, stale proof": {"a_spoilt_proof": ["invalid_proof"]},
    "batch abuse": {"batches_that_are_not_right": ["invalid_proof", "invalid_credential_request"]},
    "privilege": {
        "what_was_not_granted": [
            "credential_request_denied",
            "unknown_credential_configuration",
            "unknown_credential_identifier",
            "invalid_credential_request",
        ]
    },
    "token": {
        "a_token_that_is_none": ["401", "www-authenticate", "invalid_token"],
        "a_token_in_the_address_does_not_count": ["401"],
    },
    "dpop": {
        "a_bound_token_needs_its_key": ["401"],
        "a_dpop_proof_is_used_once": ["401"],
        "a_dpop_proof_for_the_token_that_is_not_right": ["invalid_dpop_proof"],
        "a_dpop_proof_cannot_be_replayed_at_the_token_endpoint": ["invalid_dpop_proof"],
    },
    "pkce downgrade": {
        "authorization_requests_that_are_not_right": [
            "invalid_request",
            "unsupported_response_type",
        ],
        "a_code_redeemed_by_someone_else": ["invalid_grant"],
        "a_code_used_twice_kills_its_token": ["invalid_grant"],
    },
    "mix-up": {"the_authorization_code_flow": ["iss"], "the_issuer_is_named_as_in_the_offer": []},
    "ssrf": {
        "a_spoilt_proof": ["invalid_proof"],
        "a_presentation_never_makes_us_fetch": [],
    },
    "deferred, notification": {
        "a_transaction_that_is_not_there": ["invalid_transaction_id"],
        "notifications_that_are_not_right": [
            "invalid_notification_request",
            "invalid_notification_id",
        ],
        "a_wallet_receives_a_badge": ["204"],
        "a_token_that_is_none": ["invalid_token"],
    },
    "cross-tenant": {
        "a_code_of_one_organisation_is_nothing_at_another": ["invalid_grant"],
        "a_token_of_one_organisation_is_nothing_at_another": ["401"],
        "a_nonce_of_one_organisation_is_nothing_at_another": ["invalid_nonce"],
        "a_transaction_of_another_organisation": ["invalid_transaction_id"],
        "transactions_and_notifications_stay_with_their_offer": ["invalid_notification_id"],
    },
}
"""Attack → test → what its refusal says."""

SPOILT = {
    "alg none",
    "alg HS256",
    "typ missing",
    "typ wrong",
    "aud missing",
    "aud wrong",
    "iat missing",
    "iat two days old",
    "iat a day ahead",
    "nonce missing",
    "other key",
    "tampered",
    "two keys",
    "no key",
    "private jwk",
    "crit",
    "not a token",
    "jku",
    "x5u",
    "did:web on loopback",
    "did:web link-local",
}
"""Every way of the threat table to spoil a proof."""


def named(name):
    found = [
        getattr(module, f"test_{name}") for module in MODULES if hasattr(module, f"test_{name}")
    ]
    assert found, f"there is no test_{name}"
    return found[0]


@pytest.mark.parametrize("row", range(1, 29))
def test_each_row_of_the_checklist_has_its_test(row):
    assert all(callable(named(name)) for name in CHECKLIST[row])


@pytest.mark.parametrize("fact", range(1, 11))
def test_each_measured_fact_has_its_test(fact):
    assert all(callable(named(name)) for name in FACTS[fact])


@pytest.mark.parametrize("attack", THREATS)
def test_each_attack_is_refused_with_its_code_in_a_test(attack):
    for name, codes in THREATS[attack].items():
        text = inspect.getsource(named(name))
        assert [code for code in codes if code not in text] == [], name


def test_each_way_to_spoil_a_proof_is_tried():
    assert set(test_refusals.SPOILT) >= SPOILT


def test_each_code_a_wallet_can_be_told_is_told_in_some_test():
    texts = "".join(inspect.getsource(module) for module in MODULES)
    assert [code.value for code in Code if f'"{code.value}"' not in texts] == []
