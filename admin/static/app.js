// Small comforts; every page works without them.
"use strict";

const menu = document.querySelector("details.me");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// On a phone the tabs are one strip: the one that is open is in sight, and numbers that a chart shows fold away.
const here = document.querySelector(".tabs [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 48;
if (window.matchMedia("screen and (max-width: 699px)").matches) {
  for (const numbers of document.querySelectorAll("details.numbers")) numbers.open = false;
  window.addEventListener("beforeprint", () => {
    for (const numbers of document.querySelectorAll("details.numbers")) numbers.open = true;
  });
}

// A second press on a button that is already sending would send twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  window.setTimeout(() => delete form.dataset.sending, 8000);
});

// Ctrl K, ⌘ K or / leads to the page's own search field, else to the search over everything.
const find = document.querySelector("[data-find]");
document.addEventListener("keydown", (event) => {
  const combined = (event.ctrlKey || event.metaKey) && !event.altKey && event.code === "KeyK";
  const typing = event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea");
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing;
  if (!combined && !slash) return;
  const own = document.querySelector("[data-search]");
  if (own && (slash || !find || own.id === "q")) own.select();
  else if (find && !find.open) find.showModal();
  else return;
  event.preventDefault();
});
if (find) {
  find.addEventListener("click", (event) => {
    if (event.target === find) find.close();
  });
}

for (const chooser of document.querySelectorAll("select[data-submit]")) {
  chooser.addEventListener("change", () => chooser.form.requestSubmit());
}

// A file that is sent as soon as it is chosen, also when that was before this script had arrived. Who came back to the page is not sent on again.
const [arrival] = performance.getEntriesByType("navigation");
for (const chooser of document.querySelectorAll("[data-sends]")) {
  const send = () => chooser.files.length && chooser.form.requestSubmit();
  chooser.addEventListener("change", send);
  if (!arrival || arrival.type === "navigate") send();
}

// What was saved needs no draft any more (drafts.js keeps them): the server names it, in a cookie or on the page.
function dropDraft(key) {
  const had = localStorage.getItem(key);
  localStorage.removeItem(key);
  if (!had || !JSON.parse(had).files) return;
  const opening = indexedDB.open("drafts", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("files");
  opening.onsuccess = () => opening.result.transaction("files", "readwrite").objectStore("files").delete(key);
}

function dropSaved() {
  const named = document.cookie.match(/(?:^|; )drafts=([^;]*)/);
  if (!named) return [];
  const keys = decodeURIComponent(named[1]).split("\n");
  try {
    keys.forEach(dropDraft);
  } catch {
    // private browsing may refuse: there is no draft then
  }
  document.cookie = "drafts=; Max-Age=0; Path=/; SameSite=Lax";
  return keys;
}
dropSaved();

for (const saved of document.querySelectorAll("[data-saved]")) {
  const keys = saved.dataset.saved.split(",").map((task) => `draft ${saved.dataset.account} ${task}`);
  try {
    for (const key of Object.keys(localStorage)) {
      if (keys.some((one) => key === one || key.startsWith(`${one} `))) dropDraft(key);
    }
  } catch {
    // private browsing may refuse: there is no draft then
  }
}

// A page that waits for a worker looks again by itself.
const waiting = document.querySelector("[data-look-again]");
if (waiting) window.setTimeout(() => window.location.reload(), Number(waiting.dataset.lookAgain));

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The desk waits for a phone: once the code was sent by LINE, the page says whose LINE account it is.
const desk = document.querySelector("[data-linked]");
if (desk) {
  const asked = { every: 3000, atMost: 400 };
  const ask = async () => {
    if ((asked.atMost -= 1) < 0) return;
    try {
      const answer = await fetch(desk.dataset.linked, { headers: { Accept: "application/json" } });
      const now = answer.ok && !answer.redirected ? await answer.json() : null;
      if (now && now.mark && now.mark !== desk.dataset.before) {
        desk.querySelector("[data-waits]").hidden = true;
        desk.querySelector("[data-is-linked]").hidden = false;
        desk.querySelector("[data-line-name]").textContent = now.name ? `“${now.name}”` : "";
        return;
      }
    } catch {
      // no connection: asked again
    }
    window.setTimeout(ask, asked.every);
  };
  window.setTimeout(ask, asked.every);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.dataset.done = "yes";
  });
}

// Forms that hold more than a choice are kept while somebody fills them in; the page loads what does so only then.
const me = document.currentScript;
document.addEventListener("DOMContentLoaded", () => {
  const held = "form[method=post]:not([data-draft], [data-no-draft]) :is(textarea, select, input:not([type=hidden]))";
  if (!me.dataset.drafts || !document.querySelector(held)) return;
  const begin = () => drafts.keepAll(document, JSON.parse(me.dataset.words));
  if (typeof drafts !== "undefined") return void begin();
  const script = Object.assign(document.createElement("script"), { src: me.dataset.drafts });
  script.addEventListener("load", begin);
  document.head.append(script);
});

// On a machine that is shared nothing stays behind.
for (const leaving of document.querySelectorAll("form[data-sign-out]")) {
  leaving.addEventListener("submit", () => {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("draft ")) localStorage.removeItem(key);
      indexedDB.deleteDatabase("drafts");
    } catch {
      // as above
    }
  });
}
