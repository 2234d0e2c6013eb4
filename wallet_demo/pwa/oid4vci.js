/**
 * From an offer to a credential, as a wallet of OpenID4VCI 1.0 does it.
 *
 * Spec: §4.1 (offer), §6 (token), §7 (nonce), §8 (credential), §9 (deferred), §11 (notification),
 * §12.2 (metadata); RFC 8414 §3.1. Pre-authorized code only.
 */
import { Refusal, ask, askJson, postForm, postJson } from "./http.js";
import { makeKey, proveKey } from "./keys.js";
import { Problem } from "./problems.js";
import { FORMATS, _ } from "./words.js";

const PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
const MAX_WAITS = 10;

const isText = (value) => typeof value === "string" && value !== "";

function unusable(what) {
  return new Problem(_("This offer cannot be used: %(what)s", { what }), _("Ask for a new one."));
}

/** Return the offer behind a link: the deep link of a QR code, or a page with the same query. */
export async function fetchOffer(link) {
  const query = new URLSearchParams(link.slice(0, 20000).trim().split("?").slice(1).join("?"));
  const inside = query.get("offer");
  if (inside) return fetchOffer(inside);
  const byValue = query.getAll("credential_offer");
  const byReference = query.getAll("credential_offer_uri");
  if (byValue.length + byReference.length !== 1) {
    throw new Problem(
      _("That is not an offer for a wallet"),
      _("Copy the link of the button “Open in my wallet” on your claim page."),
    );
  }
  if (byReference.length) return readOffer(await askJson(byReference[0]));
  let said;
  try {
    said = JSON.parse(byValue[0]);
  } catch {
    throw unusable(_("it is damaged"));
  }
  return readOffer(said);
}

function readOffer(said) {
  const issuer = said?.credential_issuer;
  const configuration = said?.credential_configuration_ids?.[0];
  const grant = said?.grants?.[PRE_AUTHORIZED];
  if (!isText(issuer) || !isText(configuration)) throw unusable(_("it names no issuer"));
  if (!isText(grant?.["pre-authorized_code"])) throw unusable(_("it needs another kind of wallet"));
  const code = grant["pre-authorized_code"];
  const server = isText(grant.authorization_server) ? grant.authorization_server : null;
  return { issuer, configuration, code, txCode: grant.tx_code ?? null, server };
}

/** Return metadata from the inserted path, or the appended one of older drafts. */
async function wellKnown(issuer, name, own) {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const said = await askJson(`${origin}/.well-known/${name}${path}`).catch((problem) => {
    if (problem.code === "unreachable") throw problem;
    return askJson(`${origin}${path}/.well-known/${name}`);
  });
  if (said[own] !== issuer) throw unusable(_("its issuer is somebody else"));
  return said;
}

/** Read what the issuer says about itself and about what it offers. */
export async function discover(offer) {
  const said = await wellKnown(offer.issuer, "openid-credential-issuer", "credential_issuer");
  const place = offer.server ?? said.authorization_servers?.[0] ?? offer.issuer;
  const server = await wellKnown(place, "oauth-authorization-server", "issuer");
  const configuration = said.credential_configurations_supported?.[offer.configuration];
  if (!configuration || !isText(said.credential_endpoint) || !isText(server.token_endpoint)) {
    throw unusable(_("its issuer does not say how to get it"));
  }
  if (!(configuration.format in FORMATS)) throw unusable(_("its format is new to this wallet"));
  const display = configuration.credential_metadata?.display ?? configuration.display;
  return {
    issuer: offer.issuer,
    issuerName: named(said.display) ?? new URL(offer.issuer).host,
    title: named(display) ?? _("Credential"),
    description: display?.[0]?.description ?? "",
    format: configuration.format,
    token: server.token_endpoint,
    credential: said.credential_endpoint,
    nonce: said.nonce_endpoint,
    deferred: said.deferred_credential_endpoint,
    notification: said.notification_endpoint,
    byDid: configuration.cryptographic_binding_methods_supported?.includes("did:key") ?? false,
    algorithms: configuration.proof_types_supported?.jwt?.proof_signing_alg_values_supported ?? [],
  };
}

function named(display) {
  const language = navigator.language.slice(0, 2);
  const list = Array.isArray(display) ? display : [];
  const found = list.find((one) => one?.locale?.startsWith(language)) ?? list[0];
  return isText(found?.name) ? found.name : null;
}

/** Redeem the offer: a token, a new key, a proof, a credential. */
export async function receive(offer, site, txCode) {
  const form = { grant_type: PRE_AUTHORIZED, "pre-authorized_code": offer.code };
  if (offer.txCode !== null) form.tx_code = txCode;
  const token = await postForm(site.token, form);
  if (!isText(token.access_token) || token.token_type?.toLowerCase() !== "bearer") {
    throw unusable(_("its token is of a kind this wallet does not use"));
  }
  const key = await makeKey(site.algorithms);
  const visit = { site, key, authorized: { authorization: `Bearer ${token.access_token}` } };
  const wanted = identifier(offer, token);
  let answer = await request(visit, wanted).catch((problem) => {
    if (!(problem instanceof Refusal) || problem.code !== "invalid_nonce") throw problem;
    return request(visit, wanted);
  });
  answer = await untilReady(visit, answer);
  const credential = answer.credentials?.[0]?.credential;
  if (!isText(credential) && (credential === null || typeof credential !== "object")) {
    throw unusable(_("its issuer sent no credential"));
  }
  return { credential, key, tell: (event) => notify(visit, answer.notification_id, event) };
}

function identifier(offer, token) {
  const own = token.authorization_details?.[0]?.credential_identifiers?.[0];
  return own ? { credential_identifier: own } : { credential_configuration_id: offer.configuration };
}

async function request({ site, key, authorized }, wanted) {
  const nonce = site.nonce ? (await askJson(site.nonce, { method: "POST" })).c_nonce : null;
  const proof = await proveKey(key, { audience: site.issuer, nonce, byDid: site.byDid, now: Date.now() });
  return postJson(site.credential, { ...wanted, proofs: { jwt: [proof] } }, authorized);
}

async function untilReady({ site, authorized }, first) {
  let answer = first;
  for (let wait = 0; answer.transaction_id && wait < MAX_WAITS; wait += 1) {
    const seconds = Math.min(Math.max(Number(answer.interval) || 5, 1), 30);
    await new Promise((done) => setTimeout(done, seconds * 1000));
    answer = await postJson(site.deferred, { transaction_id: answer.transaction_id }, authorized);
  }
  return answer;
}

/** Tell the issuer what became of the credential; a wallet goes on if that fails (§11). */
async function notify({ site, authorized }, name, event) {
  if (!site.notification || !name) return;
  const body = JSON.stringify({ notification_id: name, event });
  const headers = { "content-type": "application/json", ...authorized };
  await ask(site.notification, { method: "POST", body, headers }).catch(() => {});
}
