"""A wallet for tests, written from the specification; every message can be spoilt on purpose."""

import base64
import hashlib
import json
import secrets
from urllib.parse import parse_qs, urlsplit

from badges.proofs import jws
from did import jwk
from did.public_key import Curve
from did.signers import memory

PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code"


def compact(signer, header, claims):
    """Sign a token with exactly this header (None leaves a member out)."""
    head = {name: value for name, value in header.items() if value is not None}
    body = {name: value for name, value in claims.items() if value is not None}
    return jws.create(head, json.dumps(body).encode(), signer)


def pkce():
    """Return a verifier and its S256 challenge."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Wallet:
    """Holds one key and talks to one issuer."""

    def __init__(self, client, signer, clock):
        self.client, self.signer, self.clock = client, signer, clock

    def read(self, uri):
        """Return the offer behind a deep link, by value or by reference."""
        query = parse_qs(urlsplit(uri).query)
        if "credential_offer" in query:
            return json.loads(query["credential_offer"][0])
        answer = self.client.get(query["credential_offer_uri"][0])
        assert answer.status_code == 200, answer.text
        return answer.json()

    def redeem(self, offer, headers=None, **parameters):
        """Ask for a token with a pre-authorized code."""
        code = offer["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
        form = {"grant_type": PRE_AUTHORIZED, "pre-authorized_code": code} | parameters
        form = {name: value for name, value in form.items() if value is not None}
        return self.client.post(f"{offer['credential_issuer']}/token", data=form, headers=headers)

    def nonce(self, issuer):
        return self.client.post(f"{issuer}/nonce").json()["c_nonce"]

    def proof(self, issuer, nonce, *, signer=None, header=None, **claims):
        """Return a proof of the key; `header` and `claims` replace what it would say."""
        signer = signer or self.signer
        head = {"typ": "openid4vci-proof+jwt", "kid": signer.verification_method} | (header or {})
        now = int(self.clock().timestamp())
        return compact(signer, head, {"aud": issuer, "iat": now, "nonce": nonce} | claims)

    def ask(self, issuer, token, body, path="credential", **headers):
        """Send a request with the token."""
        told = {"Authorization": f"Bearer {token}"} | headers
        return self.client.post(f"{issuer}/{path}", json=body, headers=told)

    def receive(self, uri, **parameters):
        """Do the whole flow and return offer, token and the credential answer."""
        offer = self.read(uri)
        issuer = offer["credential_issuer"]
        token = self.redeem(offer, **parameters).json()["access_token"]
        body = {
            "credential_configuration_id": offer["credential_configuration_ids"][0],
            "proofs": {"jwt": [self.proof(issuer, self.nonce(issuer))]},
        }
        return offer, token, self.ask(issuer, token, body)

    def dpop(self, url, *, token=None, key=None, method="POST", **claims):
        """Return a DPoP proof."""
        key = key or self.signer
        body = {
            "jti": secrets.token_urlsafe(12),
            "htm": method,
            "htu": url,
            "iat": int(self.clock().timestamp()),
        }
        if token is not None:
            body["ath"] = jws.b64url_encode(hashlib.sha256(token.encode()).digest())
        head = {"typ": "dpop+jwt", "jwk": jwk.to_jwk(key.public_key)}
        return compact(key, head, body | claims)


def new_key(curve=Curve.P256):
    return memory.generate(curve)
