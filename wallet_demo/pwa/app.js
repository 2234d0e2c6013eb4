/** The wallet: which page is shown, offers handed in by a link, and working without a network. */
import { complain } from "./dom.js";
import { showAdd } from "./page_add.js";
import { showBackup } from "./page_backup.js";
import { showCards } from "./page_cards.js";
import { showDetail } from "./page_detail.js";
import { _ } from "./words.js";

async function route() {
  const [, page = "", name = ""] = (location.hash || "#/").split("/");
  try {
    if (page === "add") await showAdd();
    else if (page === "backup") showBackup();
    else if (page === "c" && name) await showDetail(decodeURIComponent(name));
    else await showCards();
  } catch (problem) {
    complain(document.getElementById("main"), problem);
  }
}

/** Take an offer out of the address, where the code in it would stay in the history. */
function handedIn() {
  const query = new URLSearchParams(location.search);
  const known = ["offer", "credential_offer", "credential_offer_uri"];
  if (!known.some((name) => query.has(name))) return null;
  history.replaceState(null, "", `${location.pathname}#/add`);
  return `?${query}`;
}

function tellNetwork() {
  const line = document.getElementById("offline");
  line.hidden = navigator.onLine;
  line.textContent = navigator.onLine ? "" : _("You are offline: what you see was last known.");
}

globalThis.addEventListener("hashchange", route);
globalThis.addEventListener("online", tellNetwork);
globalThis.addEventListener("offline", tellNetwork);
tellNetwork();
const link = handedIn();
if (link) await showAdd(link);
else await route();
document.documentElement.dataset.ready = "";
navigator.serviceWorker?.register("sw.js").catch(() => {});
