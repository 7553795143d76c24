// The list of people: what is typed narrows it at once, one menu is open at a time; all works without this.
"use strict";

const box = document.querySelector(".people-find input[type=search]");
const table = document.querySelector(".people-list");
const nobody = document.querySelector(".nobody-found");

function folded(text) {
  return text
    .replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50))
    .replace(/[\s-]/g, "")
    .toLowerCase();
}

function narrow() {
  const wanted = folded(box.value);
  let found = 0;
  for (const unit of table.tBodies) {
    const all = !wanted || unit.dataset.words.includes(wanted);
    let shown = 0;
    for (const row of unit.querySelectorAll("tr.person")) {
      row.hidden = !all && !row.dataset.words.includes(wanted);
      shown += row.hidden ? 0 : 1;
    }
    for (const row of unit.querySelectorAll("tr.headless")) row.hidden = !all;
    unit.hidden = Boolean(wanted) && !shown && !(all && unit.dataset.words);
    found += unit.hidden ? 0 : 1;
  }
  nobody.hidden = found > 0;
  nobody.firstElementChild.textContent = nobody.dataset.nobody.replace("{}", box.value);
}

if (box && table) {
  box.addEventListener("input", narrow);
  if (box.value) narrow();
}

const menus = [...document.querySelectorAll(".person-menu")];
for (const menu of menus) {
  menu.addEventListener("toggle", () => {
    if (menu.open) for (const other of menus) if (other !== menu) other.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
document.addEventListener("click", (event) => {
  if (!event.target.closest(".person-menu")) for (const menu of menus) menu.open = false;
});

const field = document.querySelector(".opened :is(input:not([type=hidden]), select)");
if (field) field.focus();
