/** One credential: what it says, whether it stands and who says so, and what can be done with it. */
import { busy, h, notice, say, show } from "./dom.js";
import { emblem } from "./page_cards.js";
import * as store from "./store.js";
import { verify } from "./verifier.js";
import { CHECKS, FORMATS, OUTCOMES, VERDICTS, _, day, minute } from "./words.js";

export async function showDetail(id) {
  const kept = await store.find(id);
  if (!kept) {
    location.hash = "#/";
    return;
  }
  const { title, issuer, learner, awarded, until, description } = kept.glance;
  const place = h("div", {});
  const line = learner ? _("Awarded to %(learner)s by %(issuer)s", { learner, issuer }) : _("Awarded by %(issuer)s", { issuer });
  show(
    title,
    h("p", { class: "back" }, h("a", { href: "#/" }, _("All credentials"))),
    h(
      "div",
      { class: "diploma" },
      emblem(kept),
      h("div", {}, h("p", { class: "eyebrow" }, FORMATS[kept.format] ?? ""), h("h1", {}, h("bdi", {}, title)), h("p", { class: "lead" }, awarded ? `${line}, ${day(awarded)}` : line), chips(kept, until)),
    ),
    h("div", { id: "standing" }, standing(kept)),
    place,
    description ? h("p", {}, description) : null,
    skills(kept),
    actions(kept, place),
    facts(kept),
  );
}

function chips(kept, until) {
  const said = kept.report?.credential ?? {};
  const found = [said.ects ? `${said.ects} ECTS` : null, said.eqf_level?.name, ...(kept.glance.chips ?? []), until ? _("valid until %(day)s", { day: day(until) }) : null];
  const shown = found.filter(Boolean);
  return shown.length ? h("ul", { class: "chips" }, shown.map((text) => h("li", {}, text))) : null;
}

function skills(kept) {
  const told = (kept.report?.credential?.skills ?? []).map((skill) => skill.name).filter(Boolean);
  const names = told.length ? told : (kept.glance.skills ?? []);
  if (!names.length) return null;
  return h("section", {}, h("h2", {}, _("Skills")), h("ul", { class: "chips" }, names.map((name) => h("li", {}, name))));
}

/** What the verifier says, without the verdict that stands above it already. */
function said(summary, verdict) {
  const rest = summary.startsWith(`${verdict}: `) ? summary.slice(verdict.length + 2) : summary;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** The verdict, in the words of whoever gave it. */
function standing({ report }) {
  if (!report) {
    return notice("could_not_check", _("Not checked yet"), h("p", {}, _("Nobody could be asked when it came in. Check it when you are online.")));
  }
  const kind = report.verdict in VERDICTS ? report.verdict : "could_not_check";
  const findings = report.findings.filter((one) => one.outcome in OUTCOMES);
  return notice(
    kind,
    VERDICTS[kind],
    h("p", {}, said(report.summary, VERDICTS[kind])),
    h("p", { class: "hint" }, _("Checked by %(host)s on %(when)s. This wallet itself checked that the credential is bound to your key.", { host: report.checkedBy, when: minute(report.checked_at) })),
    h("details", {}, h("summary", {}, _("What was checked")), h("ul", { class: "checks" }, findings.map(finding))),
  );
}

function finding({ check, outcome, detail }) {
  return h(
    "li",
    { class: outcome },
    h("span", { class: "state" }, OUTCOMES[outcome]),
    h("span", {}, CHECKS[check] ?? check, outcome === "passed" || !detail ? null : h("span", { class: "hint" }, detail)),
  );
}

function actions(kept, place) {
  const again = h("button", { type: "button" }, _("Check again"));
  again.addEventListener("click", () => busy(again, place, () => checkAgain(kept, place)));
  const forget = h("button", { type: "button", class: "secondary" }, _("Delete"));
  const sure = h("div", { class: "card", hidden: true }, h("p", {}, _("Delete it from this wallet? Its key goes with it. You can take it in again from your claim page.")));
  const yes = h("button", { type: "button" }, _("Yes, delete it"));
  const no = h("button", { type: "button", class: "secondary" }, _("Keep it"));
  sure.append(h("p", { class: "buttons" }, yes, no));
  forget.addEventListener("click", () => {
    sure.hidden = false;
    no.focus();
  });
  no.addEventListener("click", () => {
    sure.hidden = true;
    forget.focus();
  });
  yes.addEventListener("click", async () => {
    await store.remove(kept.id);
    location.hash = "#/";
    say(_("Deleted."));
  });
  return h("section", { class: "screen" }, h("p", { class: "buttons" }, again, file(kept), forget), sure);
}

async function checkAgain(kept, place) {
  const report = await verify(kept.credential);
  if (!report) {
    place.replaceChildren(notice("could_not_check", _("You are offline, or the verifier is"), h("p", {}, _("Below is what was known before."))));
    return;
  }
  kept.report = report;
  await store.keep(kept);
  document.getElementById("standing").replaceChildren(standing(kept));
  say(`${VERDICTS[report.verdict] ?? ""}. ${report.summary}`);
}

function file(kept) {
  const isToken = typeof kept.credential === "string";
  const content = isToken ? kept.credential : JSON.stringify(kept.credential, null, 1);
  const save = () => download(content, isToken ? "credential.jwt" : "credential.json");
  return h("button", { type: "button", class: "secondary", onclick: save }, _("Save as a file"));
}

export function download(content, name) {
  const url = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function facts(kept) {
  const holder = kept.key?.did ?? kept.holder ?? "";
  const where = kept.key ? _("in this browser; it cannot be read or copied") : _("not here: restored from a backup. It can be shown and checked.");
  const list = [
    [_("Issuer"), kept.glance.issuerId],
    [_("Valid until"), kept.glance.until ? day(kept.glance.until) : _("no end")],
    [_("Received"), minute(kept.receivedAt)],
    [_("Bound to the key"), holder],
    [_("The key is"), where],
  ];
  return h("details", { class: "card" }, h("summary", {}, _("Technical details")), h("dl", { class: "facts" }, list.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value || "–")]).flat()));
}
