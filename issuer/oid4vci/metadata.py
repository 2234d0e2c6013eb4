"""What the issuer and its authorization server say about themselves.

Spec: OpenID4VCI 1.0 §12.2 (issuer), §12.2.3 (signed), §12.3 (server); RFC 8414 §2.
Shape: JSON objects; the signed form is a JWT of the same members.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badges import strict_json
from badges.proofs import jws
from did.signer import Signer
from issuer.oid4vci import dpop, encryption, holder_proofs
from issuer.oid4vci.messages import PRE_AUTHORIZED
from issuer.oid4vci.model import BATCH_SIZE, Configuration, Format

__all__ = [
    "Site",
    "create_issuer_metadata",
    "create_server_metadata",
    "create_type_metadata",
    "in_language",
    "sign_issuer_metadata",
    "vct_of",
]

OB_CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
OB_TYPES = ("VerifiableCredential", "OpenBadgeCredential")

DI_SUITES = ("eddsa-rdfc-2022", "ecdsa-rdfc-2019", "eddsa-jcs-2022")
"""Suites a ``di_vp`` proof may use."""


@dataclass(frozen=True, slots=True)
class Site:
    """One organisation as wallets see it."""

    origin: str
    slug: str
    name: Mapping[str, str]
    """Language tag → name."""

    logo: str | None = None
    suites: Sequence[str] = ("eddsa-rdfc-2022",)
    """Cryptosuites its badges are signed with."""

    algorithms: Sequence[str] = ("EdDSA",)
    """JOSE algorithms its tokens are signed with."""

    attestations: bool = False
    """It trusts wallet providers, so key attestations mean something here."""

    @property
    def issuer(self) -> str:
        """Return the credential issuer identifier, also the authorization server's."""
        return f"{self.origin}/o/{self.slug}"

    def url(self, path: str) -> str:
        """Return the address of one of its endpoints."""
        return f"{self.issuer}/{path}"


def create_issuer_metadata(
    site: Site, configurations: Iterable[Configuration], encryption_key: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the credential issuer metadata (§12.2.4)."""
    return {
        "credential_issuer": site.issuer,
        "authorization_servers": [site.issuer],
        "credential_endpoint": site.url("credential"),
        "nonce_endpoint": site.url("nonce"),
        "deferred_credential_endpoint": site.url("deferred_credential"),
        "notification_endpoint": site.url("notification"),
        "credential_request_encryption": encryption.create_request_parameters(encryption_key),
        "credential_response_encryption": encryption.create_response_parameters(),
        "batch_credential_issuance": {"batch_size": BATCH_SIZE},
        "display": _issuer_display(site),
        "credential_configurations_supported": {
            one.id: _configuration(site, one) for one in configurations
        },
    }


def create_server_metadata(site: Site) -> dict[str, Any]:
    """Return the authorization server metadata (RFC 8414, §12.3)."""
    return {
        "issuer": site.issuer,
        "authorization_endpoint": site.url("authorize"),
        "token_endpoint": site.url("token"),
        "pushed_authorization_request_endpoint": site.url("par"),
        "require_pushed_authorization_requests": False,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", PRE_AUTHORIZED],
        "pre-authorized_grant_anonymous_access_supported": True,
        "token_endpoint_auth_methods_supported": [
            "none",
            *(["attest_jwt_client_auth"] if site.attestations else []),
        ],
        "code_challenge_methods_supported": ["S256"],
        "authorization_details_types_supported": ["openid_credential"],
        "authorization_response_iss_parameter_supported": True,
        "dpop_signing_alg_values_supported": list(dpop.ALGORITHMS),
    }


def create_type_metadata(site: Site, one: Configuration) -> dict[str, Any]:
    """Return what an SD-JWT VC type says of itself (SD-JWT VC §6.2)."""
    return {
        "vct": vct_of(site, one),
        "name": next(iter(one.title.values())),
        "description": next(iter(one.description.values()), ""),
        "display": [{"locale": language, "name": title} for language, title in one.title.items()],
    }


def sign_issuer_metadata(metadata: Mapping[str, Any], signer: Signer, now: datetime) -> str:
    """Return the metadata as a signed JWT (§12.2.3)."""
    header = {"typ": "openidvci-issuer-metadata+jwt", "kid": signer.verification_method}
    issuer = metadata["credential_issuer"]
    claims = {**metadata, "iss": issuer, "sub": issuer, "iat": int(now.timestamp())}
    return jws.create(header, strict_json.dumps(claims), signer)


def vct_of(site: Site, one: Configuration) -> str:
    """Return the type of an SD-JWT VC: the address of its type metadata."""
    return f"{site.origin}/o/{one.body}/vct/{one.achievement}"


def _issuer_display(site: Site) -> list[dict[str, Any]]:
    logo = {"logo": {"uri": site.logo}} if site.logo else {}
    return [{"name": name, "locale": language, **logo} for language, name in site.name.items()]


def _configuration(site: Site, one: Configuration) -> dict[str, Any]:
    return {
        "format": one.format.value,
        "scope": one.id,
        **_FORM[one.format](site, one),
        "proof_types_supported": _proof_types(site, one.format),
        "credential_metadata": {"display": _display(one), "claims": _claims(one.format)},
    }


def _ldp_vc(site: Site, _one: Configuration) -> dict[str, Any]:
    return {
        "credential_definition": {"@context": list(OB_CONTEXTS), "type": list(OB_TYPES)},
        "credential_signing_alg_values_supported": list(site.suites),
        "cryptographic_binding_methods_supported": ["did:key", "did:jwk"],
    }


def _jwt_vc_json(site: Site, _one: Configuration) -> dict[str, Any]:
    return {
        "credential_definition": {"type": list(OB_TYPES)},
        "credential_signing_alg_values_supported": list(site.algorithms),
        "cryptographic_binding_methods_supported": ["did:key", "did:jwk"],
    }


def _sd_jwt_vc(site: Site, one: Configuration) -> dict[str, Any]:
    return {
        "vct": vct_of(site, one),
        "credential_signing_alg_values_supported": list(site.algorithms),
        # DIDs are taken as well, but a wallet that sends one may look for it in `cnf`.
        "cryptographic_binding_methods_supported": ["jwk"],
    }


_FORM = {
    Format.LDP_VC: _ldp_vc,
    Format.JWT_VC_JSON: _jwt_vc_json,
    Format.SD_JWT_VC: _sd_jwt_vc,
}


def _proof_types(site: Site, form: Format) -> dict[str, Any]:
    signed = {"proof_signing_alg_values_supported": list(holder_proofs.ALGORITHMS)}
    kinds: dict[str, Any] = {"jwt": signed}
    if form is not Format.SD_JWT_VC:
        kinds["di_vp"] = {"proof_signing_alg_values_supported": list(DI_SUITES)}
    elif site.attestations:
        kinds["attestation"] = signed
    return kinds


def _display(one: Configuration) -> list[dict[str, Any]]:
    picture: dict[str, Any] = {}
    if one.image:
        picture = {"logo": {"uri": one.image}}
        if one.image.startswith("data:"):
            # A picture in the metadata of every badge is too heavy for a phone: leave it out.
            picture = {}
    return [
        {
            "name": title,
            "locale": language,
            "description": one.description.get(language, "")[:500],
            **picture,
        }
        for language, title in one.title.items()
    ]


_PATHS: Mapping[Format, Sequence[tuple[str, ...]]] = {
    Format.LDP_VC: (("credentialSubject", "achievement", "name"),),
    Format.JWT_VC_JSON: (("credentialSubject", "achievement", "name"),),
    Format.SD_JWT_VC: (("achievement", "name"), ("given_name",), ("family_name",)),
}


def _claims(form: Format) -> list[dict[str, Any]]:
    return [{"path": list(path)} for path in _PATHS[form]]


def in_language(metadata: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return issuer metadata with one display each: in `language`, or all where it has none."""
    configurations = {
        name: {
            **one,
            "credential_metadata": {
                **one["credential_metadata"],
                "display": _only(one["credential_metadata"]["display"], language),
            },
        }
        for name, one in metadata["credential_configurations_supported"].items()
    }
    return {
        **metadata,
        "display": _only(metadata["display"], language),
        "credential_configurations_supported": configurations,
    }


def _only(display: Sequence[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    return [one for one in display if one["locale"] == language] or list(display)
