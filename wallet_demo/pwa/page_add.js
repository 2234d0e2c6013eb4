/** Adding a credential: find the offer, look at it, take it. */
import { glance, readClaims, requireOurs } from "./credential.js";
import { busy, complain, h, say, show } from "./dom.js";
import { discover, fetchOffer, receive } from "./oid4vci.js";
import { Problem } from "./problems.js";
import { scanCamera, scanPicture } from "./scanner.js";
import * as store from "./store.js";
import { VERIFIER, isKeepable, verify } from "./verifier.js";
import { FORMATS, _ } from "./words.js";

/** Show where an offer can come from; `link` is one that was handed in already. */
export async function showAdd(link = null) {
  const place = h("div", {});
  const title = _("Add a credential");
  show(title, h("h1", {}, title), place, h("div", { class: "ways" }, ways(place)));
  if (link) await look(link, place);
}

/** On a phone the camera is at hand; on a desk the link is. */
function ways(place) {
  const found = [byLink(place), byPicture(place), byCamera(place)];
  return matchMedia("(pointer: coarse)").matches ? found.reverse() : found;
}

function byLink(place) {
  const field = h("input", { id: "link", name: "link", autocomplete: "off", spellcheck: "false", required: true, placeholder: "openid-credential-offer://…" });
  const button = h("button", { type: "submit" }, _("Continue"));
  const go = (event) => {
    event.preventDefault();
    busy(button, place, () => look(field.value, place));
  };
  return h("form", { class: "card wide", onsubmit: go }, h("h2", {}, h("label", { for: "link" }, _("Paste the link"))), h("p", { class: "hint" }, _("On your claim page: copy the address of “Open in my wallet”.")), h("div", { class: "joined" }, field, button));
}

function byPicture(place) {
  const take = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      await look(await scanPicture(file), place);
    } catch (problem) {
      complain(place, problem);
    }
    event.target.value = "";
  };
  const field = h("input", { id: "picture", type: "file", accept: "image/*", onchange: take });
  return h("section", { class: "card" }, h("h2", {}, h("label", { for: "picture" }, _("Open a picture of the code"))), h("p", { class: "hint" }, _("A photo or a screenshot with the QR code in it.")), field);
}

function byCamera(place) {
  const video = h("video", { class: "camera", playsinline: true, muted: true, hidden: true, "aria-label": _("What the camera sees") });
  let scan = null;
  const button = h("button", { type: "button", class: "secondary" }, _("Scan with the camera"));
  button.addEventListener("click", async () => {
    if (scan) return scan.abort();
    scan = new AbortController();
    globalThis.addEventListener("hashchange", () => scan?.abort(), { once: true });
    video.hidden = false;
    button.textContent = _("Stop the camera");
    try {
      const found = await scanCamera(video, scan.signal);
      if (found) await look(found, place);
    } catch (problem) {
      complain(place, problem);
    }
    scan = null;
    video.hidden = true;
    button.textContent = _("Scan with the camera");
    return null;
  });
  return h("section", { class: "card" }, h("h2", {}, _("Scan the code")), h("p", { class: "hint" }, _("The picture stays on this device.")), video, button);
}

/** Show what is offered and by whom; nothing is taken before the learner says so. */
async function look(link, place) {
  say(_("Reading the offer…"));
  let offer;
  let site;
  try {
    offer = await fetchOffer(link);
    site = await discover(offer);
  } catch (problem) {
    return complain(place, problem);
  }
  const title = _("You are offered a credential");
  const problems = h("div", {});
  const code = offer.txCode === null ? null : codeField(offer.txCode);
  const button = h("button", { type: "submit" }, _("Take it into my wallet"));
  const go = (event) => {
    event.preventDefault();
    busy(button, problems, () => take(offer, site, code?.querySelector("input").value.trim()));
  };
  return show(
    title,
    h("h1", {}, title),
    problems,
    h(
      "form",
      { class: "card offer", onsubmit: go },
      h("p", { class: "eyebrow" }, FORMATS[site.format]),
      h("h2", {}, h("bdi", {}, site.title)),
      h("p", { class: "lead" }, _("offered by %(issuer)s", { issuer: site.issuerName })),
      h("p", { class: "hint" }, _("The offer comes from %(host)s. Take it only if you expect it from there. To check it, this wallet sends it to %(verifier)s, which stores nothing.", { host: new URL(site.issuer).host, verifier: VERIFIER })),
      code,
      h("p", { class: "buttons" }, button, h("a", { class: "button secondary", href: "#/" }, _("Not now"))),
    ),
  );
}

function codeField(wanted) {
  const numeric = wanted.input_mode !== "text";
  const told = typeof wanted.description === "string" ? wanted.description.slice(0, 300) : _("You got it by another way, such as e-mail.");
  return h(
    "p",
    {},
    h("label", { for: "code" }, _("Code for this offer")),
    h("input", { id: "code", name: "code", required: true, autocomplete: "one-time-code", inputmode: numeric ? "numeric" : "text", "aria-describedby": "code-hint" }),
    h("span", { class: "hint", id: "code-hint" }, told),
  );
}

/** Receive, check, keep, tell the issuer; or keep nothing and say why. */
async function take(offer, site, txCode) {
  say(_("Receiving…"));
  const { credential, key, tell } = await receive(offer, site, txCode);
  let kept;
  try {
    const claims = await readClaims(site.format, credential);
    await requireOurs(site.format, claims, key);
    say(_("Checking…"));
    const report = await verify(credential);
    if (report && !isKeepable(report)) {
      throw new Problem(_("The credential does not hold what it says"), `${report.summary} ${_("It was not kept.")}`);
    }
    const id = crypto.randomUUID();
    kept = { id, format: site.format, issuer: site.issuer, credential, key, report, glance: glance(site.format, claims, site), receivedAt: new Date().toISOString() };
    await store.keep(kept);
  } catch (problem) {
    tell("credential_failure");
    throw problem;
  }
  await tell("credential_accepted");
  await store.persist();
  location.hash = `#/c/${kept.id}`;
  say(_("It is in your wallet."));
}
