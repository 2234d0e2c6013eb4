/**
 * An encrypted copy of what the wallet keeps, in a file under a passphrase.
 *
 * Spec: PBKDF2 with SHA-256 (600 000 rounds), AES-256-GCM. The private keys are not in it: they
 * cannot leave the browser. A restored credential can be shown and checked like before.
 */
import { fromBase64url, toBase64url, utf8 } from "./encoding.js";
import { Problem } from "./problems.js";
import { _ } from "./words.js";

const FORMAT = "learnseal-wallet-backup-1";
const ROUNDS = 600_000;
const MOST_ROUNDS = 5_000_000;
export const SHORTEST = 10;

async function stretch(passphrase, salt, iterations) {
  const raw = await crypto.subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const use = ["encrypt", "decrypt"];
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, use);
}

/** Return the text of a backup file. */
export async function pack(credentials, passphrase) {
  const [salt, iv] = [16, 12].map((length) => crypto.getRandomValues(new Uint8Array(length)));
  const companion = { format: FORMAT, kdf: "PBKDF2-SHA-256", rounds: ROUNDS, salt: toBase64url(salt), iv: toBase64url(iv) };
  const plain = credentials.map(({ key, ...rest }) => ({ ...rest, holder: key?.did ?? rest.holder ?? null }));
  const how = { name: "AES-GCM", iv, additionalData: utf8(JSON.stringify(companion)) };
  const secret = await crypto.subtle.encrypt(
    how,
    await stretch(passphrase, salt, ROUNDS),
    utf8(JSON.stringify(plain)),
  );
  return JSON.stringify({ ...companion, secret: toBase64url(secret) });
}

/** Return the credentials in a backup file. */
export async function unpack(content, passphrase) {
  let envelope;
  try {
    envelope = JSON.parse(content);
  } catch {
    envelope = null;
  }
  const { secret, ...companion } = envelope ?? {};
  const known = companion.format === FORMAT && companion.rounds >= 100_000 && companion.rounds <= MOST_ROUNDS;
  if (!known) throw new Problem(_("This file is not a backup of this wallet"));
  try {
    const key = await stretch(passphrase, fromBase64url(companion.salt), companion.rounds);
    const how = { name: "AES-GCM", iv: fromBase64url(companion.iv), additionalData: utf8(JSON.stringify(companion)) };
    const plain = await crypto.subtle.decrypt(how, key, fromBase64url(secret));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    throw new Problem(_("The passphrase is wrong, or the file was changed"), _("Nothing was restored."));
  }
}
