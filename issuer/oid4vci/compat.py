"""Wallets that speak an older draft: what we tolerate, and when.

Spec: OpenID4VCI drafts 13 to 15 against 1.0.
Every rule is triggered by what a request itself does, or by the organisation's switch; a wallet
that speaks 1.0 never sees any of it. Drafts 12 and older are not spoken.

| trigger | rule |
|---|---|
| metadata at the *appended* path (drafts to 15) | ``display``, ``claims`` in the old place too |
| ``/.well-known/openid-configuration`` | the server metadata, for wallets that know only that |
| ``proof`` instead of ``proofs`` | read as ``proofs`` with one element |
| ``format`` and no id | the one granted configuration of that format |
| ``format`` and ``proof`` | the answer has ``credential`` beside ``credentials`` |
| switch ``vcapi`` | see `VCAPI` |
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from issuer.oid4vci.model import Access, Configuration
from issuer.oid4vci.refusal import Code, Refused

__all__ = [
    "IDENTIFIER",
    "VCAPI",
    "is_legacy",
    "parse_switches",
    "to_credential_request",
    "with_credential",
    "with_nonce",
    "with_old_display",
    "with_server_members",
]

VCAPI = "vcapi"
"""Switch for wallets of the VC-API world: server members in the issuer metadata, ``bearer`` in
lower case, ``c_nonce`` in token answers and ``invalid_proof`` errors, proofs without ``typ`` and
``iat``, ``proofs: {proof_type, jwt}``."""

IDENTIFIER = "identifier"
"""Switch: a configuration id will do where the token gave exactly one identifier."""

SWITCHES = frozenset({VCAPI, IDENTIFIER})


def parse_switches(text: str) -> frozenset[str]:
    """Return the switches named in `text`, separated by spaces; unknown ones are refused.

    Raises:
        ValueError: a switch that does not exist.
    """
    names = frozenset(text.split())
    if unknown := sorted(names - SWITCHES):
        raise ValueError(f"no such switch: {', '.join(unknown)}; known: {', '.join(SWITCHES)}")
    return names


def is_legacy(members: Mapping[str, Any]) -> bool:
    """Tell whether a credential request is of drafts 13 to 15: ``format`` and ``proof``."""
    return "format" in members and "proof" in members


def to_credential_request(
    members: Mapping[str, Any],
    access: Access,
    configurations: Mapping[str, Configuration],
    switches: Collection[str],
) -> dict[str, Any]:
    """Return a credential request of any tolerated draft in the words of 1.0.

    Raises:
        Refused: ``invalid_proof``: both ``proof`` and ``proofs``, or a ``proof`` that is none.
    """
    request = dict(members)
    if "proof" in request:
        request["proofs"] = _proofs(request)
    if VCAPI in switches and isinstance(request.get("proofs"), dict):
        request["proofs"] = {k: v for k, v in request["proofs"].items() if k != "proof_type"}
    if not {"credential_configuration_id", "credential_identifier"} & set(request):
        _name_by_format(request, access, configurations)
    if IDENTIFIER in switches or VCAPI in switches:
        _name_identifier(request, access)
    return request


def with_old_display(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return issuer metadata with ``display`` where drafts up to 15 look for it."""
    configurations = {
        name: {
            **one,
            "display": one["credential_metadata"]["display"],
            **({"claims": one["credential_metadata"]["claims"]} if "vct" in one else {}),
        }
        for name, one in metadata["credential_configurations_supported"].items()
    }
    return {**metadata, "credential_configurations_supported": configurations}


def with_server_members(
    metadata: Mapping[str, Any], server: Mapping[str, Any], switches: Collection[str]
) -> dict[str, Any]:
    """Return issuer metadata with the server's members, where the organisation says so."""
    return {**server, **metadata} if VCAPI in switches else dict(metadata)


def with_credential(answer: Mapping[str, Any], members: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer with ``credential`` beside ``credentials`` for a request of old."""
    if not is_legacy(members) or "credentials" not in answer:
        return dict(answer)
    return {**answer, "credential": answer["credentials"][0]["credential"]}


def with_nonce(
    answer: Mapping[str, Any], nonce: str, seconds: int, switches: Collection[str]
) -> dict[str, Any]:
    """Return a token answer or ``invalid_proof`` error with a fresh nonce, where switched on."""
    if VCAPI not in switches:
        return dict(answer)
    more: dict[str, Any] = {"c_nonce": nonce, "c_nonce_expires_in": seconds}
    if "token_type" in answer:
        more["token_type"] = str(answer["token_type"]).replace("Bearer", "bearer")
    return {**answer, **more}


def _proofs(request: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    proof = request["proof"]
    if "proofs" in request:
        raise Refused(Code.INVALID_PROOF, "proof and proofs: send proofs only")
    if not isinstance(proof, dict) or not isinstance(proof.get("proof_type"), str):
        raise Refused(Code.INVALID_PROOF, "proof has a proof_type")
    kind = proof["proof_type"]
    if kind not in proof:
        raise Refused(Code.INVALID_PROOF, f"proof has no {kind}")
    return {kind: [proof[kind]]}


def _name_by_format(
    request: dict[str, Any], access: Access, configurations: Mapping[str, Configuration]
) -> None:
    """Name the one granted configuration of the asked format; several or none: leave it."""
    granted = [
        name
        for name in access.configuration_ids
        if name in configurations and configurations[name].format == request.get("format")
    ]
    if len(granted) == 1:
        request["credential_configuration_id"] = granted[0]


def _name_identifier(request: dict[str, Any], access: Access) -> None:
    wanted = request.get("credential_configuration_id")
    if access.identifiers is None or not isinstance(wanted, str):
        return
    if list(access.identifiers.values()) == [wanted]:
        del request["credential_configuration_id"]
        request["credential_identifier"] = next(iter(access.identifiers))
