// The task list by keys: J and K move, X chooses, Enter opens, Esc takes the choice back. Links and boxes do the same.
"use strict";

{ // names of its own: the other files of a page have theirs
  const list = document.querySelector("[data-tasks]");
  const lines = list ? [...list.querySelectorAll("tr.row")] : [];

  function lineHere() {
    return lines.indexOf(document.activeElement.closest("tr.row"));
  }

  function goTo(place) {
    const line = lines[Math.min(Math.max(place, 0), lines.length - 1)];
    line.querySelector("th a").focus();
    line.scrollIntoView({ block: "nearest" });
  }

  function clearChoice() {
    const chosen = [...list.querySelectorAll("[name=task]:checked, [name=every]:checked")];
    for (const box of chosen) {
      box.checked = false;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  if (lines.length) {
    const hint = document.querySelector("[data-keys]");
    if (hint && window.matchMedia("(hover: hover)").matches) hint.hidden = false;
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
      const here = lineHere(); // the keys by their place: a Thai keyboard has other letters there
      if (event.code === "KeyJ") goTo(here + 1);
      else if (event.code === "KeyK") goTo(here < 0 ? 0 : here - 1);
      else if (event.code === "KeyX" && here >= 0) lines[here].querySelector("[name=task]")?.click();
      else if (event.key === "Escape") clearChoice();
      else return;
      event.preventDefault();
    });
  }
}
