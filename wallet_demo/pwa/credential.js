/**
 * Reading what was received, in three forms, and checking what a browser can: the form, and that
 * it is bound to our key. Signature and status are a verifier's work (see `verifier.js`).
 *
 * Spec: Open Badges 3.0, VC Data Model 2.0, SD-JWT (disclosures), SD-JWT VC (`cnf`).
 */
import { fromBase64url, fromJsonPart, sha256, toBase64url } from "./encoding.js";
import { thumbprintOf } from "./keys.js";
import { Problem } from "./problems.js";
import { _ } from "./words.js";

const first = (value) => (Array.isArray(value) ? value[0] : value);
const text = (value) => (typeof value === "string" ? value : (value?.["@value"] ?? ""));

/** Return the claims of a credential of that format. */
export async function readClaims(format, credential) {
  try {
    if (format === "ldp_vc") return requireProof(credential);
    if (format === "jwt_vc_json") {
      const payload = fromJsonPart(parts(credential)[1]);
      return payload.vc ?? payload;
    }
    return await revealed(credential);
  } catch {
    throw new Problem(_("What came is not the credential that was promised"), _("Tell the issuer."));
  }
}

function requireProof(credential) {
  if (typeof credential !== "object" || !credential.proof) throw new TypeError("no proof");
  return credential;
}

function parts(token) {
  const found = token.split(".");
  if (found.length !== 3 || found.some((part) => !part)) throw new TypeError("not a token");
  return found;
}

/** Put the disclosed claims of an SD-JWT in their places; each must be called for by its digest. */
async function revealed(credential) {
  const [token, ...rest] = credential.split("~");
  const disclosures = new Map();
  for (const one of rest.filter(Boolean)) {
    const decoded = JSON.parse(new TextDecoder().decode(fromBase64url(one)));
    disclosures.set(toBase64url(await sha256(one)), decoded);
  }
  const payload = fromJsonPart(parts(token)[1]);
  const claims = unfold(payload, disclosures);
  if (disclosures.size) throw new TypeError("a disclosure nobody asked for");
  return claims;
}

function unfold(value, disclosures) {
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      if (typeof item?.["..."] !== "string") return [unfold(item, disclosures)];
      const found = take(disclosures, item["..."]);
      return found ? [unfold(found[1], disclosures)] : [];
    });
  }
  if (value === null || typeof value !== "object") return value;
  const plain = Object.entries(value).filter(([name]) => name !== "_sd" && name !== "_sd_alg");
  const hidden = (value._sd ?? []).map((digest) => take(disclosures, digest)).filter(Boolean);
  return Object.fromEntries(
    [...plain, ...hidden.map(([, name, claim]) => [name, claim])].map(([name, claim]) => [
      name,
      unfold(claim, disclosures),
    ]),
  );
}

function take(disclosures, digest) {
  const found = disclosures.get(digest);
  disclosures.delete(digest);
  return found;
}

/** Refuse a credential that names the key of somebody else. */
export async function requireOurs(format, claims, key) {
  const subject = first(claims.credentialSubject);
  const cnf = claims.cnf ?? {};
  const bound =
    format === "dc+sd-jwt"
      ? (cnf.kid?.split("#")[0] ?? (cnf.jwk ? await thumbprintOf(cnf.jwk) : null))
      : subject?.id;
  if (bound !== key.did && bound !== key.thumbprint) {
    throw new Problem(
      _("This credential is bound to the key of somebody else"),
      _("It was not kept. Tell the issuer."),
    );
  }
}

/** What a card shows, read from the claims themselves; nothing in it is proven. */
export function glance(format, claims, site) {
  return format === "dc+sd-jwt" ? glanceAtClaims(claims, site) : glanceAtBadge(claims, site);
}

function glanceAtBadge(badge, site) {
  const subject = first(badge.credentialSubject) ?? {};
  const achievement = first(subject.achievement) ?? {};
  const image = text(achievement.image?.id ?? achievement.image);
  return {
    title: text(badge.name) || text(achievement.name) || site.title,
    description: text(achievement.description) || site.description,
    issuer: text(first(badge.issuer)?.name) || site.issuerName,
    issuerId: first(badge.issuer)?.id ?? text(badge.issuer),
    learner: learner(subject),
    awarded: badge.awardedDate ?? badge.validFrom ?? null,
    until: badge.validUntil ?? null,
    image: image.startsWith("data:image/") ? image : null,
    chips: [],
    skills: [],
  };
}

function glanceAtClaims(claims, site) {
  const achievement = claims.achievement ?? {};
  const ects = achievement.ects ? `${achievement.ects} ECTS` : "";
  const level = achievement.eqf_level ? _("EQF level %(level)s", { level: achievement.eqf_level }) : "";
  return {
    title: text(achievement.name) || site.title,
    description: text(achievement.description) || site.description,
    issuer: text(claims.awarding_body?.name) || site.issuerName,
    issuerId: text(claims.iss),
    learner: text(claims.name) || [claims.given_name, claims.family_name].filter(Boolean).join(" "),
    awarded: claims.awarded ?? null,
    until: claims.exp ? new Date(claims.exp * 1000).toISOString() : null,
    image: null,
    chips: [ects, level].filter(Boolean),
    skills: [achievement.skills ?? []].flat().map((skill) => text(skill?.name)).filter(Boolean),
  };
}

function learner(subject) {
  const names = [subject.identifier].flat().filter((one) => one?.hashed === false && /name/.test(one.identityType));
  return text(names[0]?.identityHash) || text(subject.name);
}
