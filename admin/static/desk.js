// The report desk: cells opened where they stand, what is to be answered beside them, one button for all.
// Without this file every cell is a text field of the same form, and every button sends it.
const ASKED_AFTER = 600; // milliseconds without a key before the marks are asked for anew

const desk = document.getElementById("texts");
const words = JSON.parse(desk.dataset.words);
const side = desk.querySelector(".desk-side");
const cells = [...desk.querySelectorAll(".cell[data-name]")];
const wide = window.matchMedia("(min-width: 1000px)");
const closed = "closed" in desk.dataset;
const choosing = desk.querySelector(".two-texts") !== null;
let open = null;

const say = (text, values) => Object.entries(values).reduce((all, [key, value]) => all.replace(`{${key}}`, value), text);
const digits = (value) => (words.thai ? String(value).replace(/\d/g, (one) => "๐๑๒๓๔๕๖๗๘๙"[one]) : String(value));
const fieldOf = (cell) => cell.querySelector("textarea");
const sideOf = (cell) => document.getElementById(`side-${cell.dataset.name}`);
const measureOf = (cell) => cell.closest(".desk-measure");
const isTyped = (cell) => fieldOf(cell) !== null && fieldOf(cell).value !== fieldOf(cell).dataset.saved;

function make(tag, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
}

// ---- What is not saved: counted in the bar alone.

function count() {
  if (closed) return;
  const typed = cells.filter(isTyped);
  for (const cell of cells) cell.querySelector(".not-saved").hidden = !isTyped(cell);
  const chip = desk.querySelector("[data-unsaved]");
  chip.hidden = typed.length === 0;
  chip.textContent = typed.length === 1 ? words.one : say(words.many, { n: digits(typed.length) });
  desk.querySelector("[data-cells]").replaceChildren(
    ...typed.map((cell) => make("a", { href: `#${cell.dataset.name}`, textContent: cell.dataset.what })),
  );
  const drop = desk.querySelector("[data-drop]");
  drop.hidden = typed.length === 0;
  desk.querySelector("[data-saved-all]").hidden = typed.length > 0 || choosing;
  const save = desk.querySelector("[data-save]");
  save.hidden = typed.length === 0 && !choosing;
  save.dataset.plain ??= save.textContent;
  if (choosing) save.textContent = save.dataset.plain;
  else save.textContent = typed.length === 1 ? words.saveOne : say(words.saveMany, { n: digits(typed.length) });
}

// ---- One cell is open at a time; what is beside it comes to the side.

function putBack() {
  for (const part of [...side.children]) document.getElementById(part.dataset.home).append(part);
}

function bring(cell) {
  putBack();
  const parts = [sideOf(cell), measureOf(cell).querySelector(".tasks-of")];
  for (const part of parts) part.dataset.home = part.parentElement.id ||= `beside-${measureOf(cell).id}`;
  if (wide.matches) side.append(...parts);
  side.hidden = !wide.matches;
  desk.classList.toggle("working", wide.matches);
  for (const measure of desk.querySelectorAll(".desk-measure")) measure.classList.toggle("current", measure === measureOf(cell));
  if (!wide.matches) measureOf(cell).open = true;
  for (const link of document.querySelectorAll("[data-measure]")) {
    if (`measure-${link.dataset.measure}` === measureOf(cell).id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function nameButton(cell) {
  const button = cell.querySelector(".open-cell");
  button.textContent = open === cell ? `${words.close} Esc` : words.edit;
  button.setAttribute("aria-label", `${open === cell ? words.close : words.edit}: ${cell.dataset.what}`);
  cell.querySelector(".editing").hidden = open !== cell;
}

function shut() {
  if (!open) return;
  const cell = open;
  open = null;
  cell.classList.remove("open");
  nameButton(cell);
  for (const step of measureOf(cell).querySelectorAll("li.answered")) step.classList.remove("answered");
  if (isTyped(cell) || cell.dataset.asked) look(cell);
}

function openCell(cell, focus = true) {
  if (closed || !fieldOf(cell)) {
    showTab(measureOf(cell), cell.dataset.column);
    return void bring(cell);
  }
  if (open === cell) return;
  shut();
  open = cell;
  measureOf(cell).open = true;
  showTab(measureOf(cell), cell.dataset.column);
  cell.classList.add("open");
  nameButton(cell);
  bring(cell);
  if (focus) {
    fieldOf(cell).focus();
    tint(cell);
  }
}

// The step that the cursor's item answers.
function tint(cell) {
  const field = fieldOf(cell);
  const before = field.value.slice(0, field.value.indexOf("\n", field.selectionStart) >>> 0);
  const numbers = [...before.matchAll(/^\(?([0-9๐-๙]{1,2})[.)](?![0-9๐-๙])/gm)];
  const arabic = (text) => text.replace(/[๐-๙]/g, (one) => one.codePointAt(0) - 0x0e50);
  const last = numbers.length ? Number(arabic(numbers[numbers.length - 1][1])) : null;
  for (const step of measureOf(cell).querySelectorAll("li[data-step]")) {
    step.classList.toggle("answered", Number(step.dataset.step) === last);
  }
}

// ---- Marks and answers, as the server sees them in the text as it is typed.

let waiting = 0;
const latest = new Map();

async function look(cell, action = "") {
  const field = fieldOf(cell);
  const sent = new FormData();
  for (const name of ["seen", "facts"]) {
    const hidden = desk.elements[`${name}-${cell.dataset.name}`];
    if (hidden) sent.append(hidden.name, hidden.value);
  }
  sent.append("csrf_token", desk.elements.csrf_token.value);
  sent.append(field.name, field.value);
  if (action) sent.append("do", action);
  const ask = Symbol(cell.dataset.name);
  latest.set(cell, ask);
  cell.dataset.asked = "yes";
  let answer;
  try {
    const response = await fetch(desk.dataset.look, { method: "POST", body: sent, headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return false;
    answer = await response.json();
  } catch {
    return false; // without a line the words stay, the marks come later
  }
  if (latest.get(cell) !== ask) return true;
  if (action) {
    field.value = answer.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    window.clearTimeout(waiting);
  }
  const shown = cell.querySelector(".shown");
  shown.innerHTML = answer.shown;
  shown.classList.toggle("stale", field.value.replaceAll("\r\n", "\n").trim() !== answer.typed);
  sideOf(cell).querySelector(".to-answer").innerHTML = answer.cards;
  prepareAnswers(sideOf(cell));
  return true;
}

function typed(cell) {
  cell.querySelector(".shown").classList.add("stale");
  count();
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => look(cell), ASKED_AFTER);
}

const cellOfSide = (part) => document.getElementById(part.closest(".side").id.replace("side-", ""));

// A press that only changes the text needs no round trip of the page; if it fails, the form is sent as ever.
desk.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-live], button[data-word]");
  if (!button) return;
  event.preventDefault();
  const cell = cellOfSide(button);
  const place = [...sideOf(cell).querySelectorAll(".answer")].indexOf(button.closest(".answer"));
  const others = button.dataset.word ? cells.filter((one) => fieldOf(one)?.value.includes(button.dataset.word)) : [cell];
  const done = [];
  for (const one of others) {
    const action = button.dataset.word ? `mend ${one.dataset.name} ,${button.dataset.word}` : button.value;
    done.push(await look(one, action));
  }
  if (!done.every(Boolean)) {
    button.removeAttribute("data-live");
    button.removeAttribute("data-word");
    return void desk.requestSubmit(button);
  }
  openCell(cell, false);
  step(0, Math.max(0, place));
});

// ---- From mark to mark.

function answersHere() {
  return open ? [...sideOf(open).querySelectorAll(".answer")] : [];
}

function step(by, from = null) {
  const answers = answersHere();
  if (!answers.length) return void (open && fieldOf(open).focus());
  const now = from ?? answers.findIndex((one) => one.classList.contains("here"));
  const next = answers[Math.min(answers.length - 1, Math.max(0, now + by))];
  for (const one of answers) one.classList.toggle("here", one === next);
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest", inline: "start" });
}

// On a phone one card stands at a time, with the way to the one before and after.
function addTurns(answers) {
  answers.forEach((answer, place) => {
    const turn = make("p", { className: "turn small" });
    turn.append(make("span", { textContent: say(words.place, { n: digits(place + 1), all: digits(answers.length) }) }));
    for (const [text, by] of [[words.before, -1], [words.next, 1]]) {
      if (!answers[place + by]) continue;
      const button = make("button", { type: "button", className: "button plain", textContent: text });
      button.addEventListener("click", () => {
        answers[place + by].scrollIntoView({ block: "nearest", inline: "start" });
        answers[place + by].focus({ preventScroll: true });
      });
      turn.append(button);
    }
    answer.append(turn);
  });
}

function prepareAnswers(part) {
  const answers = [...part.querySelectorAll(".answer")];
  if (answers.length > 1) addTurns(answers);
  for (const badge of desk.querySelectorAll(`.cell[data-name="${part.id.replace("side-", "")}"] .badge`)) {
    badge.addEventListener("click", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const cell = badge.closest(".cell");
      const place = Number(badge.hash.slice(badge.hash.lastIndexOf("-") + 1)) - 1;
      openCell(cell, false);
      step(0, place);
    });
  }
}

// ---- Phone: of a measure the result, the outcome, or the plan.

function showTab(measure, tab) {
  measure.dataset.tab = tab;
  for (const button of measure.querySelectorAll(".desk-tabs button")) {
    button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
  }
}

function addTabs(measure) {
  const names = JSON.parse(desk.dataset.tabs);
  const tabs = make("div", { className: "desk-tabs" });
  for (const [tab, text] of names) {
    const button = make("button", { type: "button", textContent: text });
    button.dataset.tab = tab;
    button.addEventListener("click", () => {
      shut();
      showTab(measure, tab);
    });
    tabs.append(button);
  }
  measure.querySelector("summary").after(tabs);
  showTab(measure, "summary");
}

// ---- Two texts: the third column shows the outcome of the choice, until it is edited.

for (const box of desk.querySelectorAll(".two-texts")) {
  const outcome = box.querySelector("textarea");
  const proposed = [...box.querySelectorAll("input[type=radio]")].map((one) => one.dataset.outcome);
  box.addEventListener("change", (event) => {
    if (event.target.type === "radio" && proposed.includes(outcome.value)) outcome.value = event.target.dataset.outcome;
  });
}

// ---- Keys.

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !closed) {
    event.preventDefault();
    desk.requestSubmit(desk.querySelector("[data-save]"));
  } else if (event.key === "Escape" && open) {
    const cell = open;
    shut();
    cell.querySelector(".open-cell").focus();
  } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp") && open) {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.altKey && event.key === "Enter" && open) {
    event.preventDefault();
    (answersHere().find((one) => one.classList.contains("here")) ?? answersHere()[0])?.querySelector(".first")?.click();
  } else if (event.key === "Tab" && open && event.target === fieldOf(open)) {
    const inOrder = cells.filter((cell) => fieldOf(cell) && cell.checkVisibility());
    const next = inOrder[inOrder.indexOf(open) + (event.shiftKey ? -1 : 1)];
    if (!next) return shut();
    event.preventDefault();
    openCell(next);
  }
});

// ---- Begin.

let leaving = false;
desk.addEventListener("submit", (event) => {
  const bar = desk.querySelector(".desk-bar");
  if (navigator.onLine) {
    leaving = true;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  bar.classList.add("bad");
  desk.querySelector("[data-offline]").hidden = false;
});
window.addEventListener("online", () => {
  const offline = desk.querySelector("[data-offline]");
  if (offline && !offline.hidden) desk.requestSubmit(desk.querySelector("[data-save]"));
});
window.addEventListener("beforeunload", (event) => {
  if (!leaving && cells.some(isTyped)) event.preventDefault();
});

for (const cell of cells) {
  const field = fieldOf(cell);
  if (!field) continue;
  const head = cell.querySelector(".cell-head");
  field.dataset.saved = cell.dataset.saved ?? field.defaultValue;
  if (closed) continue;
  const button = make("button", { type: "button", className: "open-cell" });
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    if (open === cell) shut();
    else openCell(cell);
  });
  head.append(button);
  nameButton(cell);
  cell.addEventListener("click", () => openCell(cell));
  field.addEventListener("input", () => typed(cell));
  for (const kind of ["keyup", "click"]) field.addEventListener(kind, () => tint(cell));
}
for (const measure of desk.querySelectorAll(".desk-measure")) addTabs(measure);
for (const part of desk.querySelectorAll(".side")) prepareAnswers(part);
desk.querySelector("[data-drop]")?.addEventListener("click", () => {
  const typedIn = cells.filter(isTyped);
  if (!window.confirm(say(words.drop, { cells: typedIn.map((cell) => cell.dataset.what).join(", ") }))) return;
  shut();
  for (const cell of typedIn) {
    fieldOf(cell).value = fieldOf(cell).dataset.saved;
    look(cell);
  }
  count();
});
desk.classList.add("ready");
count();

function openTarget() {
  const target = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
  const cell = target && target.closest(".cell[data-name]");
  if (cell) openCell(cell);
  else if (target && target.matches(".desk-measure")) {
    shut();
    target.open = true;
    bring(target.querySelector(".cell"));
  }
}

// What a draft puts back counts as what is typed.
desk.addEventListener("change", () => {
  count();
  for (const cell of cells) if (isTyped(cell) && !cell.dataset.asked) look(cell);
});

window.addEventListener("hashchange", openTarget);
wide.addEventListener("change", () => bring(open ?? desk.querySelector(".desk-measure.current .cell")));
openTarget();
if (!desk.querySelector(".desk-measure.current")) bring(desk.querySelector(".desk-measure[open] .cell") ?? cells[0]);
