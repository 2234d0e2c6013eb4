/** Saving everything in an encrypted file, and restoring it. */
import { SHORTEST, pack, unpack } from "./backup.js";
import { busy, h, say, show } from "./dom.js";
import { download } from "./page_detail.js";
import { Problem } from "./problems.js";
import * as store from "./store.js";
import { _ } from "./words.js";

export function showBackup() {
  const title = _("Backup");
  show(
    title,
    h("h1", {}, title),
    h("p", { class: "lead" }, _("A browser can lose what it keeps: after a while unused, or with the device. A backup file brings your credentials back.")),
    h("div", { class: "ways" }, saving(), restoring()),
  );
}

function passphrase(id, autocomplete) {
  return h("input", { id, type: "password", required: true, minlength: String(SHORTEST), autocomplete });
}

function saving() {
  const place = h("div", {});
  const secret = passphrase("new-passphrase", "new-password");
  const button = h("button", { type: "submit" }, _("Save the backup"));
  const go = (event) => {
    event.preventDefault();
    busy(button, place, async () => {
      if (secret.value.length < SHORTEST) throw new Problem(_("The passphrase is too short"), _("Use four words or more."));
      const kept = await store.all();
      if (!kept.length) throw new Problem(_("There is nothing to save yet"));
      download(await pack(kept, secret.value), `wallet-${new Date().toISOString().slice(0, 10)}.backup`);
      secret.value = "";
      say(_("The backup was saved."));
      place.replaceChildren(h("p", { class: "notice valid" }, _("The backup was saved.")));
    });
  };
  return h(
    "form",
    { class: "card", onsubmit: go },
    h("h2", {}, _("Save")),
    h("p", { class: "hint" }, _("The file is encrypted. Without the passphrase nobody can open it, not even we. Keys stay in this browser and are not in the file.")),
    place,
    h("label", { for: "new-passphrase" }, _("Passphrase, four words or more")),
    secret,
    button,
  );
}

function restoring() {
  const place = h("div", {});
  const field = h("input", { id: "backup", type: "file", required: true });
  const secret = passphrase("old-passphrase", "current-password");
  const button = h("button", { type: "submit", class: "secondary" }, _("Restore"));
  const go = (event) => {
    event.preventDefault();
    busy(button, place, async () => {
      const found = await unpack(await field.files[0].text(), secret.value);
      const here = new Set((await store.all()).map((kept) => kept.id));
      const missing = found.filter((kept) => !here.has(kept.id));
      for (const kept of missing) await store.keep(kept);
      const text = _("%(count)s restored, %(same)s were here already.", { count: missing.length, same: found.length - missing.length });
      say(text);
      place.replaceChildren(h("p", { class: "notice valid" }, text));
    });
  };
  return h("form", { class: "card", onsubmit: go }, h("h2", {}, _("Restore")), place, h("label", { for: "backup" }, _("Backup file")), field, h("label", { for: "old-passphrase" }, _("Its passphrase")), secret, button);
}
