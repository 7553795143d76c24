// A tick without a line: the service worker (worker.js) keeps it and sends it later; this file hands it over and says so.
// Without a worker, as in an old browser or without https, the forms work as ever.
"use strict";

{ // names of its own: the other files of a page have theirs
  const own = document.currentScript.dataset;
  const said = JSON.parse(own.words);
  const TAKEN_AHEAD = 8; // the most urgent tasks of the list, so that they open without a line
  const FIRST_WAIT = 3_000; // milliseconds: a browser says "online" before the line carries anything
  const LONGEST_WAIT = 60_000;
  let wait = FIRST_WAIT;

  function inDigits(number) {
    const thai = document.documentElement.dataset.digits === "thai";
    return thai ? String(number).replace(/\d/g, (one) => "๐๑๒๓๔๕๖๗๘๙"[one]) : String(number);
  }

  function show(text, tone, link = null) {
    document.querySelector(".notice.queue")?.remove();
    if (!text) return;
    const notice = document.createElement("div");
    notice.className = `notice queue ${tone}`;
    notice.setAttribute("role", "status");
    const words = document.createElement("span");
    words.textContent = text;
    notice.append(words);
    if (link) {
      const way = document.createElement("a");
      way.href = link.address;
      way.textContent = link.words;
      notice.append(way);
    }
    document.querySelector("main").prepend(notice);
  }

  async function ask(message) {
    const { active } = await navigator.serviceWorker.ready;
    return new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (event) => done(event.data);
      active.postMessage(message, [channel.port2]);
    });
  }

  async function tell(message) {
    (await navigator.serviceWorker.ready).active.postMessage(message);
  }

  async function showWaiting() {
    const count = await ask({ kind: "count", account: own.account });
    if (count) show(said.waiting.replace("{n}", inDigits(count)), "warn");
    else if (!navigator.onLine) show(said.offline, "warn");
  }

  function showSent(told) {
    const first = told.refused[0];
    if (first) show(said.refused.replace("{title}", first.title), "bad", { address: first.address, words: said.open });
    else if (told.signedOut) show(said.signedOut.replace("{n}", inDigits(told.left)), "warn", { address: own.signIn, words: said.signIn });
    else if (told.sent.length) show(said.sent.replace("{n}", inDigits(told.sent.length)), "good", { address: own.list, words: said.reload });
    else if (told.left) showWaiting();
    if (told.left && !told.signedOut) tryAgain();
    else wait = FIRST_WAIT;
  }

  function tryAgain() {
    setTimeout(() => navigator.onLine && tell({ kind: "send" }), wait);
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }

  async function handOver(form, submitter) {
    const fields = [...new FormData(form, submitter)].filter(([, value]) => !(value instanceof File) || value.size);
    const values = new Map(fields);
    const report = {
      key: values.get("form_key") || form.action,
      account: own.account,
      action: new URL(form.action).pathname,
      title: document.querySelector("h1").textContent.trim(),
      fields,
    };
    await ask({ kind: "keep", report });
    const worker = await navigator.serviceWorker.ready;
    try {
      await worker.sync?.register("send");
    } catch {
      // where the browser refuses, the next page that opens sends it
    }
    window.location.assign(own.list);
  }

  if ("serviceWorker" in navigator && window.isSecureContext) {
    navigator.serviceWorker.register("/worker.js").then(async () => {
      await tell({ kind: "meet", account: own.account });
      const tasks = [...document.querySelectorAll(".task .task-foot a.button[href^='/tasks/']")].map((link) => new URL(link.href).pathname);
      if (window.location.pathname === own.list && navigator.onLine) {
        await tell({ kind: "take", addresses: [...new Set([own.list, ...tasks.slice(0, TAKEN_AHEAD)])] });
      }
      await showWaiting();
      if (navigator.onLine) await tell({ kind: "send" });
    }, () => {});
    navigator.serviceWorker.addEventListener("message", (event) => event.data.kind === "queue" && showSent(event.data));
    window.addEventListener("online", () => tell({ kind: "send" }));
    window.addEventListener("offline", showWaiting);

    document.addEventListener("submit", async (event) => {
      const form = event.target;
      if (form.matches("[data-send]") && !navigator.onLine && navigator.serviceWorker.controller && form.reportValidity()) {
        event.preventDefault();
        event.stopImmediatePropagation();
        await handOver(form, event.submitter);
      }
    }, true);
  }
}
