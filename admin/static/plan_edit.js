// The editor of a measure: says how many cells are not saved, and asks before they are left.
"use strict";

const editor = document.getElementById("measure");
const unsavedLine = document.getElementById("unsaved-count");
const saved = new Map();
let isSending = false;

function stateOf(field) {
  return field.matches("[type=checkbox], [type=radio]") ? String(field.checked) : field.value;
}

for (const button of editor.querySelectorAll("[data-without-script]")) button.hidden = true;
for (const field of editor.querySelectorAll("textarea, select, input:not([type=hidden])")) saved.set(field, stateOf(field));

function unsaved() {
  const names = [...saved].filter(([field, before]) => stateOf(field) !== before).map(([field]) => field.name);
  return new Set(names.map((name) => name.replace(/-(unit|mode)$/, ""))).size;
}

function inDigits(number) {
  const thai = document.documentElement.dataset.digits === "thai";
  return thai ? String(number).replace(/[0-9]/g, (one) => String.fromCharCode(0x0e50 + Number(one))) : String(number);
}

editor.addEventListener("input", () => {
  const count = unsaved();
  unsavedLine.textContent = count ? unsavedLine.dataset.words.replace("{n}", inDigits(count)) : "";
});

editor.addEventListener("submit", () => {
  isSending = true;
});

window.addEventListener("beforeunload", (event) => {
  if (!isSending && unsaved()) event.preventDefault();
});
