// Invitations: copying marks the person and opens the next one; where the browser refuses, the text is selected.
"use strict";

document.documentElement.classList.add("scripted");
const invitations = document.querySelector("[data-invitations]");

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    try {
      return document.execCommand("copy");
    } catch {
      return false;
    }
  }
}

function openNext(row) {
  const later = [...invitations.querySelectorAll("li")];
  const order = [...later.slice(later.indexOf(row) + 1), ...later.slice(0, later.indexOf(row))];
  const next = order.find((one) => one.querySelector("[data-message]") && !one.querySelector(".copied").textContent.trim());
  row.querySelector("details").open = false;
  if (next) {
    next.querySelector("details").open = true;
    next.querySelector("[data-message]").focus();
  } else {
    row.querySelector("summary").focus();
  }
}

if (invitations) {
  invitations.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target;
    const row = form.closest("li");
    const button = form.querySelector("[data-message]");
    if (!(await copy(document.getElementById(button.dataset.message)))) {
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
    row.querySelector(".copied").textContent = invitations.dataset.copied.replace("{}", said.copied);
    openNext(row);
  });
  const first = document.querySelector("#next [data-message]");
  if (first) first.focus();
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
