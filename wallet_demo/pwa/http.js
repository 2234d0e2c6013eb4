/** Asking servers: https (or our own), no cookies, bounded, JSON only. */
import { Problem } from "./problems.js";
import { _ } from "./words.js";

const MAX_BODY = 4 * 2 ** 20;
const SECONDS = 20;

/** The issuer said no; `code` is the word of its protocol. */
export class Refusal extends Problem {}

export function permitted(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    throw new Problem(_("That is not an address on the web"), _("Ask for a new link."));
  }
  const safe = url.protocol === "https:" || url.origin === location.origin;
  if (!safe || url.username || url.password) {
    throw new Problem(
      _("The link leads to an address that is not protected (https)"),
      _("Ask whoever sent it for a link that starts with https."),
    );
  }
  return url;
}

async function bounded(answer) {
  if (!answer.body) return "";
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > MAX_BODY) {
      await reader.cancel();
      throw new Problem(_("The issuer sent far more than a credential needs"));
    }
    text += decoder.decode(value, { stream: true });
  }
}

export async function ask(address, options = {}) {
  const url = permitted(address);
  let answer;
  try {
    answer = await fetch(url, {
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      signal: AbortSignal.timeout(SECONDS * 1000),
      ...options,
      headers: { accept: "application/json", ...options.headers },
    });
  } catch {
    throw new Problem(
      _("%(host)s cannot be reached", { host: url.host }),
      _("Check your connection and try again. Nothing was lost."),
      "unreachable",
    );
  }
  return { status: answer.status, type: answer.headers.get("content-type") ?? "", text: await bounded(answer) };
}

/** Ask, and return the JSON object that answers; 200 and 202 are answers. */
export async function askJson(address, options = {}) {
  const { status, type, text } = await ask(address, options);
  let said = null;
  try {
    said = JSON.parse(text);
  } catch {
    /* said stays null: what is not JSON is told below */
  }
  if (said === null || typeof said !== "object" || Array.isArray(said)) said = null;
  if (status !== 200 && status !== 202) {
    const code = typeof said?.error === "string" ? said.error : "";
    const why = typeof said?.error_description === "string" ? said.error_description : "";
    throw new Refusal(_("The issuer refused"), why.slice(0, 300), code);
  }
  if (said === null || !type.includes("json")) {
    throw new Problem(_("The issuer answered with something a wallet cannot read"));
  }
  return said;
}

export const postForm = (address, members) =>
  askJson(address, { method: "POST", body: new URLSearchParams(members) });

export const postJson = (address, value, headers = {}) =>
  askJson(address, {
    method: "POST",
    body: JSON.stringify(value),
    headers: { "content-type": "application/json", ...headers },
  });
