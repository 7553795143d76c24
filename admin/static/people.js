// Pasted people: a paste is read at once, a changed choice is kept at once; all works without this.
"use strict";

const box = document.querySelector("[data-paste] textarea");
if (box) {
  box.addEventListener("paste", () => {
    const wasEmpty = !box.value.trim();
    window.setTimeout(() => {
      if (wasEmpty && box.value.includes("\n")) box.form.requestSubmit();
    });
  });
}

for (const chooser of document.querySelectorAll(".people select")) {
  chooser.addEventListener("change", () => {
    const answer = document.createElement("input");
    answer.type = "hidden";
    answer.name = "answer";
    answer.value = `${chooser.name}=${chooser.value}`;
    chooser.form.append(answer);
    chooser.form.requestSubmit();
  });
}

const row = location.hash && document.getElementById(location.hash.slice(1));
if (row && row.closest(".people")) (row.querySelector(".question button.primary") || row).focus();
