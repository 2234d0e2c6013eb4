"""Who signed a document: each of its proofs, and whom the signing key speaks for.

Spec: VC Data Integrity 1.0 §4.4 to §4.5; Open Badges 3.0 §8.2 (JWT); SD-JWT VC §3.
Shape: a proof is right or wrong on its own; whether its key is the issuer's is another question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from badges.credential import OBJECT, issuer_id, many, node_id, parse_moment
from badges.errors import (
    BadgeError,
    ChallengeDiffers,
    DomainDiffers,
    MalformedValue,
    ProofInvalid,
    UnknownContext,
    UnsupportedSuite,
)
from badges.proofs import data_integrity, jws, sd_jwt, vc_jwt
from badges.verify.keys import FoundKey, KeyRing, is_web
from badges.verify.outcome import Finding, Outcome
from badges.verify.presented import W3C_TOKENS, Form, Presented
from badges.verify.reading import read_fetched
from badges.verify.tokens import parsed
from badges.verify.web_keys import UNCONFIRMED, jwks_url
from did.errors import DidError, DidNotFound, InvalidVerificationMethod, MethodNotSupported
from did.jwk import from_jwk
from did.public_key import PublicKey

__all__ = ["Authenticity", "ProofResult", "authenticate", "issuer_of", "methods"]

ASSERTION = "assertionMethod"

LATER = (DidNotFound, MethodNotSupported, UnsupportedSuite, UnknownContext)
"""Errors that say something about us or the network, not about the credential."""

REAL_SUITES = frozenset(
    {
        *("bbs-2023", "ecdsa-sd-2023", "ecdsa-xi-2023", "BbsBlsSignature2020"),
        *("Ed25519Signature2018", "JsonWebSignature2020", "RsaSignature2018", "DataIntegrityProof"),
        *("EcdsaSecp256k1Signature2019", "EcdsaSecp256r1Signature2019"),
    }
)
"""Kinds of proof that exist in the world; a name outside of it is a forgery or a mistake."""


class ProofResult(NamedTuple):
    """What is known about one proof."""

    outcome: Outcome
    code: str
    detail: str = ""
    method: str = ""
    purpose: str = ""
    found: FoundKey | None = None
    vintages: Mapping[str, str] = MappingProxyType({})
    """Which older editions of the vocabularies it was made under."""

    @property
    def passed(self) -> bool:
        """Whether the signature is right."""
        return self.outcome is Outcome.PASSED


@dataclass(frozen=True, slots=True)
class Authenticity:
    """What is known about all proofs of one document."""

    proofs: tuple[ProofResult, ...]

    @property
    def vintages(self) -> Mapping[str, str]:
        """The older editions of vocabularies that the right signatures were made under."""
        return {url: digest for p in self.proofs if p.passed for url, digest in p.vintages.items()}

    def seal(self) -> Finding:
        """Tell whether every signature is right."""
        if not self.proofs:
            return Finding("proof", Outcome.FAILED, "no-proof")
        for outcome in (Outcome.FAILED, Outcome.UNKNOWN):
            for proof in self.proofs:
                if proof.outcome is outcome:
                    return Finding("proof", outcome, proof.code, proof.detail)
        worst = max(self.proofs, key=lambda p: p.code == "signature-correct-older-words")
        signed = "; ".join(
            f"{p.method} ({p.detail})" if p.detail else p.method for p in self.proofs
        )
        return Finding("proof", Outcome.PASSED, worst.code, f"signed with {signed}")

    def binding(self, issuer: str | None) -> Finding:
        """Tell whether one of the right signatures is the issuer's."""
        if not self.proofs or not any(proof.passed for proof in self.proofs):
            return self._unbound()
        own = [p for p in self.proofs if p.passed and p.purpose == ASSERTION and _is_of(p, issuer)]
        found = [(proof.method, proof.found) for proof in own if proof.found]
        good = [(method, key) for method, key in found if key.refusal is None]
        for method, key in sorted(good, key=lambda one: one[1].remark):
            if not key.remark:
                return Finding("issuer", Outcome.PASSED, "key-of-issuer", method)
            return Finding("issuer", Outcome.FAILED, key.remark, method)
        for _, key in found:
            if key.refusal is not None:
                return Finding("issuer", Outcome.FAILED, key.refusal.code, str(key.refusal))
        signers = ", ".join(proof.method for proof in self.proofs)
        return Finding(
            "issuer",
            Outcome.FAILED,
            InvalidVerificationMethod.code,
            f"signed with {signers}, which does not speak for {issuer}",
        )

    def _unbound(self) -> Finding:
        for proof in self.proofs:
            if proof.found is None and proof.code not in {"no-proof", ProofInvalid.code}:
                return Finding("issuer", proof.outcome, proof.code, proof.detail)
        return Finding("issuer", Outcome.UNKNOWN, "nothing-to-bind")

    def is_by(self, issuer: str | None) -> bool:
        """Tell whether every signature is right and one is the issuer's."""
        if not self.proofs or not all(proof.passed for proof in self.proofs):
            return False
        binding = self.binding(issuer)
        return binding.outcome is Outcome.PASSED or binding.code == UNCONFIRMED


def _is_of(proof: ProofResult, issuer: str | None) -> bool:
    return proof.found is not None and issuer in proof.found.speaks_for


_MAY_EMBED = (Form.EMBEDDED, Form.PRESENTATION)
"""Forms whose proofs may stand in the document."""


def authenticate(presented: Presented, ring: KeyRing, *, purpose: str = ASSERTION) -> Authenticity:
    """Check every proof of `presented`."""
    return Authenticity(_FORMS[presented.form](presented, ring, purpose))


def methods(presented: Presented) -> tuple[str, ...]:
    """Name the keys that the proofs of `presented` ask for."""
    if presented.form in _MAY_EMBED and not presented.token:
        proofs = presented.document.get("proof", [])
        proofs = proofs if isinstance(proofs, list) else [proofs]
        found = [p.get("verificationMethod") for p in proofs if isinstance(p, OBJECT)]
        return tuple([m for m in found if isinstance(m, str)])
    if presented.token and presented.problem is None:
        name = _named_key(presented)
        return (name,) if name else ()
    return ()


class _Parts(NamedTuple):
    """A document with embedded proofs, taken apart."""

    presented: Presented
    unsecured: Mapping[str, Any]
    proofs: list[dict[str, Any]]


def _embedded(presented: Presented, ring: KeyRing, purpose: str) -> tuple[ProofResult, ...]:
    document = presented.document
    if "proof" not in document:
        return ()
    try:
        unsecured, proofs = data_integrity.split(document)
    except BadgeError as error:
        return (ProofResult(Outcome.FAILED, error.code, str(error)),)
    parts = _Parts(presented, unsecured, proofs)
    return tuple(
        [
            _settled(lambda p=proof: _one_embedded(parts, p, ring, purpose), proof)  # type: ignore[misc] # a default binds the loop's proof
            for proof in proofs
        ]
    )


def _settled(check: Callable[[], ProofResult], proof: Mapping[str, Any]) -> ProofResult:
    method = str(proof.get("verificationMethod", ""))
    try:
        return check()
    except LATER as error:
        if isinstance(error, UnsupportedSuite) and not _is_real(proof):
            return ProofResult(Outcome.FAILED, ProofInvalid.code, str(error), method)
        return ProofResult(Outcome.UNKNOWN, error.code, str(error), method)
    except MalformedValue as error:  # of a proof that is how it is wrong (VC Data Integrity §4.4)
        return ProofResult(Outcome.FAILED, ProofInvalid.code, str(error), method)
    except (BadgeError, DidError) as error:
        return ProofResult(Outcome.FAILED, error.code, str(error), method)


def _is_real(proof: Mapping[str, Any]) -> bool:
    kind, suite = proof.get("type"), proof.get("cryptosuite")
    name = suite if kind == "DataIntegrityProof" else kind
    return isinstance(name, str) and name in REAL_SUITES - {"DataIntegrityProof"}


def _one_embedded(parts: _Parts, proof: dict[str, Any], ring: KeyRing, purpose: str) -> ProofResult:
    _check_options(proof, ring, purpose)
    method = proof["verificationMethod"]
    found = ring.find(method, purpose, issuer_of(parts.presented))
    vintages = _verified(parts, proof, found.key)
    older = ", ".join(vintages)
    return ProofResult(
        Outcome.PASSED,
        "signature-correct-older-words" if older else "signature-correct",
        f"with an earlier text of {older}" if older else str(proof.get("cryptosuite", "")),
        method,
        purpose,
        found,
        vintages,
    )


def _verified(parts: _Parts, proof: dict[str, Any], key: PublicKey) -> Mapping[str, str]:
    """Check one signature; that of a list many credentials point at is checked once."""
    if parts.presented.source:
        return _verified_once(parts.presented.source, parts.proofs.index(proof), key)
    return data_integrity.verify_one_of(parts.proofs, proof, parts.unsecured, key).vintages


@lru_cache(maxsize=64)
def _verified_once(source: bytes, place: int, key: PublicKey) -> Mapping[str, str]:
    """Check a signature of a fetched document; a wrong one raises, and is not remembered."""
    document = read_fetched(source).document
    proof = many(document.get("proof"))[place]
    return data_integrity.verify_proof(document, proof, key).vintages


def _check_options(proof: Mapping[str, Any], ring: KeyRing, purpose: str) -> None:
    data_integrity.check_form(proof)
    if proof["proofPurpose"] != purpose:
        raise ProofInvalid(f"the proof is for {proof['proofPurpose'][:80]!r}, not for {purpose}")
    if purpose != ASSERTION:
        _check_answer(proof, ring)
    if "created" in proof and parse_moment(proof["created"]) > ring.now + ring.policy.skew:
        raise ProofInvalid("the proof was made in the future")
    if "expires" in proof and parse_moment(proof["expires"]) <= ring.now - ring.policy.skew:
        raise ProofInvalid("the proof has expired")


def _check_answer(proof: Mapping[str, Any], ring: KeyRing) -> None:
    """Compare what a proof answers with what was asked; domains are a set (§4.4)."""
    domain, challenge = ring.policy.domain, ring.policy.challenge
    if domain is not None and many(proof.get("domain")) != [domain]:
        raise DomainDiffers("the proof is for another domain, or for others too")
    if challenge is not None and proof.get("challenge") != challenge:
        raise ChallengeDiffers("the proof answers another challenge")


def _includes(value: object, wanted: str) -> bool:
    return wanted in value if isinstance(value, list) else value == wanted


def _presentation(presented: Presented, ring: KeyRing, purpose: str) -> tuple[ProofResult, ...]:
    if presented.token:
        return _token(presented, ring, purpose)
    return _embedded(presented, ring, purpose)


def _token(presented: Presented, ring: KeyRing, purpose: str) -> tuple[ProofResult, ...]:
    header = _parsed(presented).header
    return (_settled(lambda: _one_token(presented, ring, purpose), header),)


def _one_token(presented: Presented, ring: KeyRing, purpose: str) -> ProofResult:
    read = _parsed(presented)
    claims = read.claims
    method, found = _key_of_token(presented, ring, purpose)
    jws.verify(read, found.key)
    if presented.form is Form.PRESENTATION:
        _check_request(claims, ring)
    if presented.form in W3C_TOKENS:
        _check_end(vc_jwt.signature_end(claims, presented.document), ring)
    if "~" in presented.token:
        _check_binding(presented, claims, ring)
    detail = str(read.header["alg"])
    return ProofResult(Outcome.PASSED, "signature-correct", detail, method, purpose, found)


def _check_request(claims: Mapping[str, Any], ring: KeyRing) -> None:
    """Compare what the token answers with what was asked (VC-JOSE-COSE: ``nonce``, ``aud``)."""
    if ring.policy.challenge is not None and claims.get("nonce") != ring.policy.challenge:
        raise ChallengeDiffers("the presentation answers another nonce")
    if ring.policy.domain is not None and not _includes(claims.get("aud"), ring.policy.domain):
        raise DomainDiffers("the presentation is for another audience")
    expires = claims.get("exp")
    if expires is not None and not _is_number(expires):
        raise ProofInvalid("the end of the presentation is not a number of seconds")
    _check_end(expires, ring)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_end(end: float | None, ring: KeyRing) -> None:
    if end is not None and end <= (ring.now - ring.policy.skew).timestamp():
        raise ProofInvalid("the signature has expired")


def _check_binding(presented: Presented, payload: Mapping[str, Any], ring: KeyRing) -> None:
    """Check who shows an SD-JWT, if somebody says so or was asked to (RFC 9901 §7.3).

    A presentation is signed by who shows it: nobody else has to.
    """
    shown, policy = sd_jwt.parse(presented.token), ring.policy
    asked = policy.challenge is not None and presented.form is not Form.PRESENTATION
    if shown.key_binding is None and not asked:
        return
    confirmation = payload.get("cnf")
    jwk = confirmation.get("jwk") if isinstance(confirmation, Mapping) else None
    if not isinstance(jwk, Mapping):
        raise ProofInvalid("it was shown by a holder, but names no key of one")
    claims = sd_jwt.verify_key_binding(
        shown, from_jwk(jwk), audience=policy.domain, nonce=policy.challenge
    )
    if claims["iat"] > (ring.now + policy.skew).timestamp():
        raise ProofInvalid("it was shown in the future")


def _parsed(presented: Presented) -> jws.Jws:
    return parsed(presented.form, presented.token)


_SIGNER = {Form.SD_JWT_VC: "iss", Form.PRESENTATION: "holder"}
"""Which member names who signs, where it is not ``issuer``."""


def issuer_of(presented: Presented) -> str | None:
    """Return whose key should have signed: the issuer, or the holder of a presentation."""
    claim = _SIGNER.get(presented.form)
    if claim is not None:
        return node_id(presented.document.get(claim))
    return issuer_id(presented.document)


def _named_key(presented: Presented) -> str | None:
    """Return the address of the key a token names; an inner ``jwk`` is looked up, not believed."""
    kid, issuer = _parsed(presented).header.get("kid"), issuer_of(presented)
    if kid is None:
        return issuer
    if not kid or ":" in kid or issuer is None:
        return str(kid)
    # A name that is no address: of a key in the issuer's document, or in the JWKS of its server.
    owner = jwks_url(issuer) if is_web(issuer) and not kid.startswith("#") else issuer
    return f"{owner}#{kid.removeprefix('#')}"


def _key_of_token(presented: Presented, ring: KeyRing, purpose: str) -> tuple[str, FoundKey]:
    read, method, issuer = _parsed(presented), _named_key(presented), issuer_of(presented)
    inline = read.header.get("jwk")
    if method is not None and "kid" in read.header:
        found = ring.find(method, purpose, issuer)
        if inline is not None and from_jwk(inline) != found.key:
            raise ProofInvalid("the key in the token is not the one its kid names")
        return method, found
    if "x5c" in read.header:
        raise MethodNotSupported("the issuer's key comes by certificates, which we do not read")
    if inline is None or issuer is None:
        raise MalformedValue("the token does not name its key")
    key = from_jwk(inline)
    if is_web(issuer):
        return issuer, ring.of_server(issuer, key, purpose)
    for listed in ring.document(issuer).methods(purpose):
        if listed.public_key == key:
            return listed.id, ring.find(listed.id, purpose)
    raise InvalidVerificationMethod("the key in the token is not a key of the issuer")


def _unsigned(presented: Presented, ring: KeyRing, purpose: str) -> tuple[ProofResult, ...]:  # noqa: ARG001 - one shape for all forms
    return ()


_FORMS: Mapping[Form, Callable[[Presented, KeyRing, str], tuple[ProofResult, ...]]] = {
    Form.EMBEDDED: _embedded,
    Form.PRESENTATION: _presentation,
    Form.VC_JWT: _token,
    Form.VC_SD_JWT: _token,
    Form.SD_JWT_VC: _token,
    Form.NONE: _unsigned,
}
"""How each form is checked."""
