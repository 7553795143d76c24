// Small comforts; every page works without them.
"use strict";

const menu = document.querySelector("details.me");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// A second press on a button that is already sending would send twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  window.setTimeout(() => delete form.dataset.sending, 8000);
});

for (const chooser of document.querySelectorAll("select[data-submit]")) {
  chooser.addEventListener("change", () => chooser.form.requestSubmit());
}

// The names and pictures of chosen files, before they are sent.
for (const input of document.querySelectorAll("input[type=file][data-preview]")) {
  const list = document.getElementById(input.dataset.preview);
  input.addEventListener("change", () => {
    list.replaceChildren();
    for (const file of input.files) {
      const item = document.createElement("li");
      if (file.type.startsWith("image/")) {
        const picture = document.createElement("img");
        picture.alt = "";
        picture.src = URL.createObjectURL(file);
        picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
        picture.addEventListener("error", () => picture.remove());
        item.append(picture);
      }
      item.append(file.name);
      list.append(item);
    }
  });
}

// What was typed survives a lost connection or an expired sign-in: it waits on this device until it was saved.
const saved = document.querySelector("[data-saved]");
if (saved) localStorage.removeItem(`draft ${saved.dataset.saved}`);

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = `draft ${form.dataset.draft}`;
  const fields = [...form.querySelectorAll("textarea, input[type=text], input[type=url]")];
  try {
    const draft = JSON.parse(localStorage.getItem(key) || "null");
    for (const field of fields) {
      if (draft && draft[field.name] && !field.closest("[data-typed]")) field.value = draft[field.name];
    }
  } catch {
    localStorage.removeItem(key);
  }
  form.addEventListener("input", () => {
    const draft = {};
    for (const field of fields) draft[field.name] = field.value;
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      // private browsing may refuse: the form still works
    }
  });
}

// "Copy the last text" fills the field without a round trip.
for (const button of document.querySelectorAll("[data-copy-to]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    for (const [id, text] of Object.entries(JSON.parse(button.dataset.copyTo))) {
      const field = document.getElementById(id);
      if (field && text) {
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    document.getElementById("result").focus();
  });
}

// A page that waits for a worker looks again by itself.
const waiting = document.querySelector("[data-look-again]");
if (waiting) window.setTimeout(() => window.location.reload(), Number(waiting.dataset.lookAgain));

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.dataset.done = "yes";
  });
}
