// Invitations: copying marks the person and opens the next one; where the browser refuses, the text is selected.
"use strict";

document.documentElement.classList.add("scripted");
const invitations = document.querySelector("[data-invitations]");

const onTelephone = navigator.share && window.matchMedia("(pointer: coarse)").matches;

// Hands the message to the telephone's own sheet, in which LINE stands; false where the person closes it again.
async function share(text) {
  try {
    await navigator.share({ text });
    return true;
  } catch {
    return false;
  }
}

// Copies a part of the field's text; where the browser refuses, that part is selected for Ctrl+C.
async function copy(field, text = field.value) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const start = field.value.indexOf(text);
    field.focus();
    field.setSelectionRange(start, start + text.length);
    try {
      return document.execCommand("copy");
    } catch {
      return false;
    }
  }
}

// The link among the words of the message, by the word that it ends with.
function linkIn(message, word) {
  return message.split(/\s/).find((part) => part.endsWith(`/${word}`));
}

// What one does first: on a telephone that shares it is sending, elsewhere copying.
function firstButton(row) {
  return row.querySelector("[data-share]:not([hidden])") || row.querySelector("[data-message]");
}

function openNext(row) {
  const later = [...invitations.querySelectorAll("li")];
  const order = [...later.slice(later.indexOf(row) + 1), ...later.slice(0, later.indexOf(row))];
  const next = order.find((one) => firstButton(one) && !one.querySelector(".copied").textContent.trim());
  row.querySelector("details").open = false;
  if (next) {
    next.querySelector("details").open = true;
    firstButton(next).focus();
  } else {
    row.querySelector("summary").focus();
  }
}

if (invitations) {
  for (const button of onTelephone ? invitations.querySelectorAll("[data-share]") : []) {
    button.hidden = false;
    button.classList.add("primary");
    const copies = button.form.querySelector(".primary[data-message]:not([data-share])");
    copies.classList.remove("primary");
    button.form.querySelector("[name=csrf_token]").after(button);
  }
  invitations.addEventListener("submit", async (event) => {
    const form = event.target;
    const row = form.closest("li");
    const button = event.submitter || firstButton(row);
    if ("sentByUs" in button.dataset) return;
    event.preventDefault();
    event.stopPropagation();
    const field = document.getElementById(button.dataset.message);
    if ("share" in button.dataset) {
      if (!(await share(field.value))) return;
    } else if (!(await copy(field, button.dataset.only ? linkIn(field.value, button.dataset.only) : field.value))) {
      const hint = form.querySelector(".hint");
      hint.textContent = hint.dataset.help;
      return;
    }
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) {
      form.submit();
      return;
    }
    const said = await answer.json();
    const chip = row.querySelector(".copied");
    if (!chip.textContent.trim()) document.querySelector(".given").value += 1;
    chip.textContent = invitations.dataset.copied.replace("{}", said.copied);
    openNext(row);
  });
  const next = document.getElementById("next");
  if (next) firstButton(next)?.focus();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const hint = button.parentElement.querySelector(".hint");
    hint.textContent = (await copy(document.getElementById(button.dataset.copy))) ? hint.dataset.done : hint.dataset.help;
  });
}

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
