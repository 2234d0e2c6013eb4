/**
 * The holder's keys: made here, never leaving the browser.
 *
 * Spec: did:key, RFC 7638 (thumbprint), OpenID4VCI 1.0 Appendix F.1 (`jwt` proof).
 * Each credential has a key of its own, so that two issuers cannot see one person in it. The
 * private half cannot be read, not even by this code: WebCrypto keeps it.
 */
import { fromBase64url, sha256, toBase58, toBase64url, toJsonPart, utf8 } from "./encoding.js";
import { Problem } from "./problems.js";
import { _ } from "./words.js";

const KINDS = {
  ES256: {
    make: { name: "ECDSA", namedCurve: "P-256" },
    sign: { name: "ECDSA", hash: "SHA-256" },
    members: ["crv", "kty", "x", "y"],
  },
  EdDSA: { make: { name: "Ed25519" }, sign: { name: "Ed25519" }, members: ["crv", "kty", "x"] },
};

/** Make a key of the first kind that the issuer accepts and this browser can make. */
export async function makeKey(accepted) {
  for (const [algorithm, kind] of Object.entries(KINDS)) {
    if (!accepted.includes(algorithm)) continue;
    const pair = await crypto.subtle.generateKey(kind.make, false, ["sign"]).catch(() => null);
    if (pair) return describe(algorithm, pair);
  }
  throw new Problem(
    _("Your browser and the issuer have no kind of key in common"),
    _("Try a current browser, or another wallet."),
  );
}

async function describe(algorithm, pair) {
  const exported = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const jwk = Object.fromEntries(KINDS[algorithm].members.map((name) => [name, exported[name]]));
  const multikey = `z${toBase58(multicodec(jwk))}`;
  const did = `did:key:${multikey}`;
  const thumbprint = toBase64url(await sha256(JSON.stringify(jwk)));
  return { algorithm, privateKey: pair.privateKey, jwk, did, method: `${did}#${multikey}`, thumbprint };
}

function multicodec(jwk) {
  const x = fromBase64url(jwk.x);
  if (jwk.kty === "OKP") return Uint8Array.of(0xed, 0x01, ...x);
  const odd = fromBase64url(jwk.y).at(-1) & 1;
  return Uint8Array.of(0x80, 0x24, odd ? 3 : 2, ...x);
}

/** Prove to an issuer that this wallet holds the key. */
export async function proveKey(key, { audience, nonce, byDid, now }) {
  const shown = byDid ? { kid: key.method } : { jwk: key.jwk };
  const header = { typ: "openid4vci-proof+jwt", alg: key.algorithm, ...shown };
  const claims = { aud: audience, iat: Math.floor(now / 1000), ...(nonce && { nonce }) };
  const draft = `${toJsonPart(header)}.${toJsonPart(claims)}`;
  const kind = KINDS[key.algorithm].sign;
  return `${draft}.${toBase64url(await crypto.subtle.sign(kind, key.privateKey, utf8(draft)))}`;
}

/** Name a bare public key by its thumbprint (RFC 7638). */
export async function thumbprintOf(jwk) {
  const kind = Object.values(KINDS).find((one) => one.members.length === (jwk.y ? 4 : 3));
  const members = Object.fromEntries(kind.members.map((name) => [name, jwk[name]]));
  return toBase64url(await sha256(JSON.stringify(members)));
}
