// The service worker: the list and its tasks open without a line, and what was ticked meanwhile is sent, once, when
// the line is back. A page is shown, and a report sent, only for whom it is; signing out drops both.
"use strict";

const FILES = "files";
const PAGES = "pages";
const DATABASE = "waiting";
const KEPT = /^\/tasks\/(\d+)?$/; // the own list, and the pages of tasks
const OVER = "/sign-out";
const LIST = "/tasks/";
const A_PAGE = 30_000; // milliseconds: a line that falls silent ends what waits on it, so that it is tried again
const A_REPORT = 300_000; // with its photos, over a slow line

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// ---- What waits to be sent: one entry a form, under the account that wrote it.

function database() {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("reports", { keyPath: "key" });
      opening.result.createObjectStore("facts");
    };
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => failed(opening.error);
  });
}

async function stored(name, mode, work) {
  const base = await database();
  try {
    return await new Promise((done, failed) => {
      const transaction = base.transaction(name, mode);
      const asked = work(transaction.objectStore(name));
      transaction.oncomplete = () => done(asked.result);
      transaction.onerror = () => failed(transaction.error);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    base.close();
  }
}

const reports = () => stored("reports", "readonly", (store) => store.getAll());
const keep = (report) => stored("reports", "readwrite", (store) => store.put(report));
const drop = (key) => stored("reports", "readwrite", (store) => store.delete(key));

const known = () => stored("facts", "readonly", (store) => store.get("account"));

// Who signs out leaves nothing behind.
async function forget() {
  const account = await known();
  await caches.delete(PAGES);
  for (const report of await reports()) if (report.account === account) await drop(report.key);
  await stored("facts", "readwrite", (store) => store.clear());
}

// Another person at the same device sees no page of the first one; what that one left waits for that one alone.
async function meet(account) {
  if ((await known()) === account) return;
  await caches.delete(PAGES);
  await stored("facts", "readwrite", (store) => store.put(account, "account"));
}

async function tellPages(message) {
  for (const page of await self.clients.matchAll({ type: "window" })) page.postMessage(message);
}

// A page that nobody looks at yet: what is said once, as what a tick saved and its undo, is left for the one that is shown.
function ahead(address) {
  const headers = { "X-Ahead": "1" };
  return fetch(address, { headers, credentials: "same-origin", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(A_PAGE) });
}

// ---- Sending: under a token of the sign-in of now, and only where that is the same person's.

// Nobody is led to the sign-in page here: it would begin a new session under a person who signs in at that moment.
async function signIn() {
  const answer = await ahead(LIST);
  const page = await answer.text();
  const account = page.match(/data-account="(\d+)"/);
  const token = page.match(/name="csrf_token"\s+value="([^"]+)"/);
  return answer.ok && account && token ? { account: account[1], token: token[1] } : null;
}

async function sendOne(report, token) {
  const form = new FormData();
  for (const [name, value] of report.fields) form.append(name, name === "csrf_token" ? token : value);
  const answer = await fetch(report.action, {
    method: "POST",
    body: form,
    credentials: "same-origin",
    headers: { Accept: "application/json", "X-Waited": "1" },
    signal: AbortSignal.timeout(A_REPORT),
  });
  if (answer.status === 401) return "again"; // the sign-in changed meanwhile: that says nothing about the report
  if (answer.status >= 500 || answer.status === 429) return "later";
  const kind = answer.headers.get("Content-Type") || "";
  return answer.ok && kind.startsWith("application/json") ? "sent" : "refused";
}

let sending = null;

function send() {
  sending ||= sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

async function sendAll() {
  const waiting = await reports();
  const told = { kind: "queue", sent: [], refused: [], left: waiting.length, signedOut: false };
  try {
    let now = waiting.length ? await signIn() : null;
    if (waiting.length && !now) told.signedOut = true;
    for (const report of now ? waiting : []) {
      if (report.account !== now.account) {
        told.left -= 1; // it waits for that one's sign-in
        continue;
      }
      let how = await sendOne(report, now.token);
      if (how === "again") {
        now = await signIn();
        if (now?.account === report.account) how = await sendOne(report, now.token);
      }
      if (how === "later" || how === "again") break;
      await drop(report.key);
      if (how === "sent") await (await caches.open(PAGES)).delete(report.action, { ignoreSearch: true });
      told[how].push({ title: report.title, address: report.action });
      told.left -= 1;
    }
  } catch {
    // no line: what is left waits for the next time
  }
  await tellPages(told);
}

self.addEventListener("message", (event) => {
  const { kind, account, report, addresses } = event.data;
  const port = event.ports[0];
  const work = {
    meet: () => afterwards(() => meet(account)),
    take: () => afterwards(() => take(addresses)),
    send: () => afterwards(send),
    keep: async () => port.postMessage(await keep(report)),
    count: async () => port.postMessage((await reports()).filter((one) => one.account === account).length),
  }[kind];
  if (work) event.waitUntil(work());
});

// One after the other: no page is kept, and nothing is sent, before it is known who is there.
let last = Promise.resolve();

function afterwards(work) {
  last = last.then(work, work);
  return last;
}

self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(send());
});

// ---- Pages: from the line while there is one, else as they were. One is kept only after the files it needs: a page
// whose script is missing would lose what is typed into it.

async function take(addresses) {
  const cache = await caches.open(PAGES);
  for (const address of addresses) {
    if (await cache.match(address, { ignoreSearch: true })) continue;
    try {
      const answer = await ahead(address);
      if (!answer.ok) continue;
      const text = await answer.clone().text();
      for (const [, name] of text.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)) {
        if (!(await file(new Request(name))).ok) return;
      }
      await cache.put(address, answer);
    } catch {
      return;
    }
  }
}

async function page(request, path) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && KEPT.test(path)) await (await caches.open(PAGES)).put(path, answer.clone());
    return answer;
  } catch (failure) {
    const cache = await caches.open(PAGES);
    const found = (await cache.match(path)) || (await cache.match(LIST));
    if (found) return found;
    throw failure;
  }
}

async function file(request) {
  const cache = await caches.open(FILES);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) {
    const name = new URL(request.url).pathname;
    for (const old of await cache.keys()) if (new URL(old.url).pathname === name) await cache.delete(old);
    await cache.put(request, answer.clone());
  }
  return answer;
}

async function over(request) {
  await forget().catch(() => {}); // a refused database keeps nobody signed in
  return fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && address.pathname === OVER) event.respondWith(over(request));
  else if (request.method !== "GET") return;
  else if (address.pathname === "/sign-in") event.waitUntil(caches.delete(PAGES)); // a sign-in that has ended
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.destination === "iframe") return; // a task beside the list: never kept as the page itself
  else if (request.mode === "navigate" && (address.pathname === "/" || KEPT.test(address.pathname))) {
    event.respondWith(page(request, address.pathname));
  }
});
