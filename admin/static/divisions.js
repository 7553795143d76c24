// Units: Alt with the arrows or a drag puts a row elsewhere, Esc gives back what a row had; all works without this.
"use strict";

const list = document.querySelector("[data-units]");

function press(row, step) {
  const button = row.querySelector(`.moves [value="${step}"]`);
  if (button) button.click();
}

if (list) {
  const at = location.hash && document.querySelector(`.unit-rows ${location.hash}, ${location.hash}.add-unit input`);
  if (at) at.focus();

  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-unit]");
    if (!row) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      press(row, event.key === "ArrowUp" ? "up" : "down");
    }
    const open = row.querySelector("details[open]");
    if (event.key === "Escape" && open) {
      open.querySelector("form").reset();
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  list.addEventListener("toggle", (event) => {
    if (event.target.open) event.target.querySelector("input[name=name]").focus();
  }, true);

  let dragged = null;
  for (const row of list.querySelectorAll("[data-unit]:not(.struck)")) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      if (event.target !== row || row.querySelector("details[open]")) {
        event.preventDefault();
        return;
      }
      dragged = row;
      row.classList.add("dragged");
    });
    row.addEventListener("dragend", () => row.classList.remove("dragged"));
    row.addEventListener("dragover", (event) => {
      if (dragged && dragged.dataset.under === row.dataset.under) event.preventDefault();
    });
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!dragged || dragged === row) return;
      const isBefore = event.offsetY < row.offsetHeight / 2;
      const siblings = [...list.querySelectorAll(`[data-under="${row.dataset.under}"]:not(.struck)`)];
      const next = isBefore ? row : siblings[siblings.indexOf(row) + 1];
      const form = dragged.querySelector(".moves");
      const before = document.createElement("input");
      before.type = "hidden";
      before.name = "before";
      before.value = next ? next.dataset.unit : "";
      form.append(before);
      form.submit();
    });
  }
}
