// The preview of an import: what is chosen or typed is kept on the server at once, and the page follows.
"use strict";

const preview = document.getElementById("preview");
const keptLine = document.getElementById("kept");
let waitingToKeep = 0;
let keeping = null;
let changes = 0;
let keptChanges = 0;

function say(state) {
  keptLine.textContent = keptLine.dataset[state];
  keptLine.className = `small kept ${{ keeping: "waiting", lost: "bad", signedOut: "bad" }[state] || ""}`;
}

function hideSpareButtons() {
  for (const button of preview.querySelectorAll("[data-without-script]")) button.hidden = true;
}

// The pieces that tell what was understood, from a page as it is now; nobody's fields are touched.
function follow(page) {
  for (const piece of preview.parentElement.querySelectorAll("[data-follows]")) {
    const fresh = page.getElementById(piece.id);
    const focused = piece.contains(document.activeElement);
    piece.replaceChildren(...(fresh ? fresh.childNodes : []));
    if (focused) (piece.querySelector(".primary, [data-first-question]") || piece).focus();
  }
  hideSpareButtons();
  for (const was of preview.querySelectorAll("[data-was]")) {
    const fresh = page.getElementById(was.id);
    if (fresh) was.value = fresh.value;
  }
  for (const row of preview.querySelectorAll(".party")) {
    const fresh = page.getElementById(row.id);
    const open = Boolean(fresh && fresh.matches("[data-open]"));
    row.toggleAttribute("data-open", open);
    row.classList.toggle("open", open);
  }
}

// The draft of this device stays: a word may be typed while the others are on their way (drafts.js).
function toKeep() {
  const sent = new URLSearchParams(new FormData(preview));
  sent.delete("draft");
  sent.set("do", "keep");
  sent.set("quietly", "1");
  return sent;
}

async function keep() {
  window.clearTimeout(waitingToKeep);
  if (keeping) keeping.abort();
  const mine = (keeping = new AbortController());
  const sentChanges = changes;
  const sent = toKeep();
  say("keeping");
  try {
    const answer = await fetch(preview.action, { method: "POST", body: sent, credentials: "same-origin", signal: mine.signal });
    if (mine !== keeping) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== keeping) return;
    if (!answer.ok || !page.getElementById("preview")) {
      say(new URL(answer.url).pathname.startsWith("/sign-in") ? "signedOut" : "lost");
      return;
    }
    follow(page);
    keptChanges = sentChanges;
    if (keptChanges === changes) say("kept");
  } catch (error) {
    if (error.name !== "AbortError") say("lost");
  }
}

function keepSoon(wait) {
  window.clearTimeout(waitingToKeep);
  changes += 1;
  say("keeping");
  waitingToKeep = window.setTimeout(keep, wait);
}

hideSpareButtons();

preview.addEventListener("input", (event) => {
  if (event.target.matches("textarea, input[type=text]")) keepSoon(1200);
});

preview.addEventListener("change", (event) => {
  const listed = event.target.dataset.listed;
  const beside = listed && preview.querySelector(`input[name="is-${listed}"][value="other"]`);
  if (beside) beside.checked = event.target.value !== "";
  keepSoon(0);
});

preview.addEventListener("click", (event) => {
  if (!event.target.closest("[data-first-question]")) return;
  const row = preview.querySelector("[data-open]");
  if (!row) return;
  event.preventDefault();
  row.scrollIntoView({ block: "start" });
  row.querySelector("input[type=radio], select").focus({ preventScroll: true });
});

preview.addEventListener("submit", () => {
  window.clearTimeout(waitingToKeep);
  if (keeping) keeping.abort();
  keeping = null;
  keptChanges = changes;
});

// Leaving before the last word was kept sends it along; a phone that puts the page aside may never come back to it.
function sendAlong() {
  if (keptChanges === changes) return;
  if (keeping) keeping.abort();
  if (navigator.sendBeacon(preview.action, toKeep())) keptChanges = changes;
}

window.addEventListener("pagehide", sendAlong);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") sendAlong();
});
