/**
 * Keeps the wallet's own files, so that it opens without a network. Credentials are not here: they
 * are in IndexedDB. Newest first: what the network has wins; what was kept is for when it is away.
 */
const SHELF = "learnseal-wallet-1";
const SHELL = [
  "./",
  "app.js",
  "backup.js",
  "credential.js",
  "dom.js",
  "encoding.js",
  "http.js",
  "icon-192.png",
  "icon.svg",
  "keys.js",
  "manifest.webmanifest",
  "oid4vci.js",
  "page_add.js",
  "page_backup.js",
  "page_cards.js",
  "page_detail.js",
  "problems.js",
  "scanner.js",
  "store.js",
  "vendor/qr-scanner-1.4.2.min.js",
  "vendor/qr-scanner-worker.min.js",
  "verifier.js",
  "wallet.css",
  "words.js",
];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELF)
      .then((shelf) => shelf.addAll(SHELL))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name !== SHELF) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(old());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const inScope = request.url.startsWith(self.registration.scope);
  if (request.method === "GET" && inScope) event.respondWith(newest(request));
});

async function newest(request) {
  const shelf = await caches.open(SHELF);
  const page = request.mode === "navigate";
  try {
    const answer = await fetch(request);
    if (answer.ok && !page) await shelf.put(request, answer.clone());
    return answer;
  } catch {
    return (await shelf.match(page ? "./" : request, { ignoreSearch: true })) ?? Response.error();
  }
}
