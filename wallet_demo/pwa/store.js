/** What the wallet keeps, in IndexedDB: credentials, their last report, and their keys. */

const NAME = "learnseal-wallet";
const CREDENTIALS = "credentials";

let opened = null;

function open() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(CREDENTIALS, { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  return opened;
}

async function run(mode, work) {
  const database = await open();
  return new Promise((done, failed) => {
    const transaction = database.transaction(CREDENTIALS, mode);
    const request = work(transaction.objectStore(CREDENTIALS));
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = () => failed(transaction.error);
  });
}

export const keep = (kept) => run("readwrite", (store) => store.put(kept));
export const find = (id) => run("readonly", (store) => store.get(id));
export const remove = (id) => run("readwrite", (store) => store.delete(id));

export async function all() {
  const found = await run("readonly", (store) => store.getAll());
  return found.sort((one, other) => (one.receivedAt < other.receivedAt ? 1 : -1));
}

/** Ask the browser not to clear this storage when space is short. */
export const persist = () => navigator.storage?.persist?.().catch(() => false);
