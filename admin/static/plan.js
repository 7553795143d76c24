// The plan's pages: how a period is read while it is typed, and the measure that a link leads to, opened.
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
