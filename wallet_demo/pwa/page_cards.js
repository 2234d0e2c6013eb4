/** The first page: every credential as a card, with what was last known about it. */
import { h, show } from "./dom.js";
import * as store from "./store.js";
import { VERDICTS, _, day, minute } from "./words.js";

export async function showCards() {
  const kept = await store.all();
  if (!kept.length) return showEmpty();
  const title = _("Your micro-credentials");
  return show(
    title,
    h("div", { class: "bar" }, h("h1", {}, title), h("a", { class: "button", href: "#/add" }, _("Add a credential"))),
    h("ul", { class: "cards" }, kept.map(card)),
  );
}

function showEmpty() {
  show(
    _("Your wallet"),
    h(
      "div",
      { class: "empty" },
      h("img", { src: "icon.svg", alt: "", width: "112", height: "112" }),
      h("h1", {}, _("Your wallet is empty")),
      h("p", { class: "lead" }, _("Scan the code on your claim page, or paste the link behind it. What you take in is checked first, and stays in this browser.")),
      h("p", { class: "buttons" }, h("a", { class: "button", href: "#/add" }, _("Add a credential")), h("a", { class: "button secondary", href: "#/backup" }, _("Restore a backup"))),
    ),
  );
}

function card(kept) {
  const { title, issuer, learner, awarded } = kept.glance;
  return h(
    "li",
    { class: "credential" },
    h(
      "a",
      { href: `#/c/${kept.id}` },
      h("span", { class: "issuer" }, emblem(kept), h("bdi", {}, issuer)),
      h("span", { class: "title" }, title),
      h("span", { class: "line" }, [learner, awarded ? day(awarded) : ""].filter(Boolean).join(" · ")),
      badge(kept.report),
    ),
  );
}

export function emblem(kept) {
  return h("img", { class: "emblem", src: kept.glance.image ?? "icon.svg", alt: "", width: "40", height: "40" });
}

/** The last known verdict; a report that was never made, or says nothing, is never green. */
export function badge(report) {
  if (!report) return h("span", { class: "verdict could_not_check" }, _("Not checked yet"));
  const told = VERDICTS[report.verdict] ?? VERDICTS.could_not_check;
  const status = report.findings.find((one) => one.check === "status" && one.outcome === "failed");
  const ended = { revoked: _("Revoked"), suspended: _("Suspended") }[status?.code];
  return h(
    "span",
    { class: `verdict ${report.verdict in VERDICTS ? report.verdict : "could_not_check"}` },
    ended ?? told,
    h("span", { class: "when" }, _("checked %(when)s", { when: minute(report.checked_at) })),
  );
}
