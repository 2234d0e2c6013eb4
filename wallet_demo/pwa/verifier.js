/**
 * Asking a verifier: the service this wallet came from. A browser cannot canonicalise and look up
 * everything itself, so it asks, and the wallet always says who answered and when.
 */
import { askJson } from "./http.js";

export const VERIFIER = location.host;

/** Return the report on a credential, with who made it; null when nobody could be asked. */
export async function verify(credential) {
  const isToken = typeof credential === "string";
  const report = await askJson(`${location.origin}/api/verify`, {
    method: "POST",
    body: JSON.stringify({ credential }),
    headers: { "content-type": "application/json" },
  }).catch((problem) => {
    if (problem.code === "unreachable") return null;
    throw problem;
  });
  if (report && !isReport(report)) throw new TypeError("not a report");
  return report && { ...report, checkedBy: VERIFIER, isToken };
}

const isReport = (said) => typeof said.verdict === "string" && Array.isArray(said.findings);

const GENUINE = ["structure", "proof", "issuer"];

/**
 * Tell whether a credential is worth keeping: nothing speaks against it. What could not be checked
 * is kept, as the offer is used up, and is never shown as valid.
 */
export function isKeepable(report) {
  const failed = (one) => GENUINE.includes(one.check) && one.outcome === "failed";
  return report.verdict !== "not_valid" && !report.findings.some(failed);
}
