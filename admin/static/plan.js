// The coordinator's pages: a period read while it is typed, the measure that a link leads to opened, many tasks chosen.
"use strict";

for (const field of document.querySelectorAll("[data-period]")) {
  const shown = document.getElementById(field.dataset.period);
  let waiting = 0;
  let asked = 0;
  field.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(async () => {
      const mine = ++asked;
      const address = new URL(field.dataset.periodUrl, window.location.href);
      address.searchParams.set("text", field.value);
      try {
        const answer = await fetch(address, { credentials: "same-origin" });
        if (!answer.ok || answer.redirected || mine !== asked) return;
        const piece = new DOMParser().parseFromString(await answer.text(), "text/html");
        shown.replaceChildren(...piece.body.childNodes);
      } catch {
        // without a connection the period is read when it is saved
      }
    }, 300);
  });
}

function openTarget() {
  const target = window.location.hash && document.getElementById(window.location.hash.slice(1));
  const form = target && target.matches(".task.soon") && target.querySelector("details.mend");
  if (form) form.open = true;
}

window.addEventListener("hashchange", openTarget);
openTarget();

// A number in the reader's digits.
function asRead(number) {
  const thai = document.documentElement.dataset.digits === "thai";
  return thai ? String(number).replace(/[0-9]/g, (one) => String.fromCharCode(0x0e50 + Number(one))) : String(number);
}

for (const all of document.querySelectorAll("[data-check-all]")) {
  const form = all.form;
  const boxes = [...form.querySelectorAll("input[name=task]")];
  const shown = form.querySelector("[data-chosen]");
  all.closest("label").hidden = false;
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    shown.textContent = chosen ? ` (${asRead(chosen)})` : "";
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  count();
}
