// Ticking off on a phone: photos made small, sending that survives a lost connection; drafts.js keeps what was typed.
// Without this file the same forms work; the server does the rest.
"use strict";

const SHRINK_FROM = 400_000; // bytes: a smaller photo goes as it is, the server bares it of its metadata

const { say, digits, element } = drafts;

// ---- Photos: made small before they leave, shown as tiles, taken out again one by one.

async function shrunk(file, side) {
  if (!file.type.startsWith("image/") || file.type === "image/gif" || file.size < SHRINK_FROM) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // such as HEIC where the browser cannot read it: the server can
  }
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = element("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.imageSmoothingQuality = "high";
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg", lastModified: file.lastModified });
}

function sizeOf(words, bytes) {
  return digits(words, bytes >= 2 ** 20 ? `${(bytes / 2 ** 20).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} kB`);
}

function chooseFiles(input, words) {
  const list = document.getElementById(input.dataset.preview);
  const side = Number(input.dataset.side);
  const status = input.form.querySelector(".sending");
  const adder = element("li", { className: "add" });
  let chosen = [];
  adder.append(input, input.labels[0]);

  function give() {
    const bag = new DataTransfer();
    for (const file of chosen) bag.items.add(file);
    input.files = bag.files;
  }

  function changed() {
    give();
    show();
    input.dispatchEvent(new Event("drafts:chosen"));
  }

  function show() {
    list.replaceChildren(...chosen.map((file, place) => tile(file, place)), adder);
  }

  function tile(file, place) {
    const item = element("li", { className: file.type.startsWith("image/") ? "photo" : "" });
    if (file.type.startsWith("image/")) {
      const picture = element("img", { alt: "", width: 112, height: 112, src: URL.createObjectURL(file) });
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
      picture.addEventListener("error", () => picture.remove());
      item.append(picture);
    }
    const remove = element("button", { type: "button", className: "remove", textContent: "×" });
    remove.setAttribute("aria-label", say(words, "remove", { name: file.name }));
    remove.addEventListener("click", () => {
      chosen.splice(place, 1);
      changed();
      input.focus();
    });
    item.append(element("span", { className: "name", textContent: file.name }), element("span", { className: "size", textContent: sizeOf(words, file.size) }), remove);
    return item;
  }

  let busy = Promise.resolve();
  function take() {
    const added = [...input.files].filter((file) => !chosen.includes(file));
    give(); // a second choice adds to the first
    busy = busy.then(async () => {
      if (added.some((file) => file.type.startsWith("image/") && file.size >= SHRINK_FROM)) tell(status, words.shrinking);
      for (const file of added) chosen.push(await shrunk(file, side)); // one at a time: a phone has little memory
      changed();
      tell(status, null);
    });
  }
  input.addEventListener("change", take);
  input.addEventListener("drafts:emptied", () => {
    chosen = [];
    changed();
  });
  show();
  if (input.files.length) take(); // chosen before this file had arrived
  return () => busy;
}

// ---- The day in words, as the server reads it.

function readDays(box, words) {
  const input = box.querySelector("input");
  const quick = box.querySelector("[data-quick]");
  const output = quick.querySelector("output");
  quick.hidden = false;
  for (const button of quick.querySelectorAll("[data-fill]")) {
    button.addEventListener("click", () => {
      input.value = button.dataset.fill;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  if (!box.dataset.echo) return;
  let waiting = 0;
  async function echo() {
    const typed = input.value.trim();
    if (!typed) return void (output.textContent = "");
    const address = new URL(box.dataset.echo, window.location.href);
    address.searchParams.set("text", typed);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok || input.value.trim() !== typed) return;
      const read = await answer.json();
      output.textContent = read.words ? `= ${read.words}` : read.problem;
      output.classList.toggle("error", !read.words);
    } catch {
      output.textContent = ""; // no connection: the server reads the day when the form is sent
    }
  }
  input.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(echo, 350);
  });
}

// ---- Sending: with progress, once, and again when the connection is back.

function tell(status, text, percent = null) {
  if (!status) return;
  status.hidden = text === null;
  status.querySelector("p").textContent = text || "";
  const bar = status.querySelector("progress");
  bar.hidden = percent === null;
  bar.value = percent || 0;
}

function send(form, words, whenReady) {
  const status = form.querySelector(".sending");
  const button = form.querySelector("button.primary");
  const once = button.textContent;
  let label = once;
  let sending = false;

  function count() {
    const chosen = form.querySelectorAll("[name=task]:checked").length;
    const rounds = chosen || 1 + form.querySelectorAll("[name=also]:checked").length;
    label = rounds > 1 ? say(words, chosen ? "chosen" : "rounds", { n: digits(words, rounds) }) : once;
    button.textContent = label;
  }
  form.addEventListener("input", count);
  form.addEventListener("change", count);
  count();

  function failed(text) {
    sending = false;
    delete form.dataset.sending;
    tell(status, text);
    status.classList.add("bad");
    button.textContent = words.again;
  }

  // Where the sign-in has ended, a server may hang up on photos unread: the draft waits behind the sign-in form.
  async function signedOut() {
    const known = form.querySelector("[data-echo]");
    if (!known) return false;
    try {
      const answer = await fetch(known.dataset.echo, { headers: { Accept: "application/json" } });
      if (!answer.redirected) return false;
    } catch {
      return false;
    }
    window.location.reload();
    return true;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    status.classList.remove("bad");
    button.textContent = label;
    await whenReady();
    if (!navigator.onLine) return failed(words.offline);
    tell(status, say(words, "sending", { percent: digits(words, 0) }), 0);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (sent) => {
      const percent = sent.lengthComputable ? Math.floor((100 * sent.loaded) / sent.total) : 0;
      tell(status, say(words, "sending", { percent: digits(words, percent) }), percent);
    });
    request.addEventListener("error", () => signedOut().then((out) => out || failed(navigator.onLine ? words.failed : words.offline)));
    request.addEventListener("abort", () => failed(words.failed));
    request.addEventListener("load", () => {
      if (request.status === 413) return void signedOut().then((out) => out || failed(words.large));
      if (request.status >= 500) return failed(words.failed);
      answer(request, form);
    });
    const sent = new FormData(form);
    if (event.submitter?.name) sent.append(event.submitter.name, event.submitter.value);
    request.send(sent);
  });
}

function answer(request, form) {
  const kind = request.getResponseHeader("Content-Type") || "";
  if (kind.startsWith("application/json")) return void window.location.assign(JSON.parse(request.responseText).next);
  if (request.status < 400 && request.responseURL !== form.action) return void window.location.assign(request.responseURL);
  if (request.status < 400) drafts.forget(`draft ${form.dataset.draft}`);
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  document.title = page.title;
  const main = document.querySelector("main");
  main.replaceWith(page.querySelector("main"));
  start(document.querySelector("main"));
  const first = document.querySelector("main [aria-invalid], main [role=alert], main h1");
  first.tabIndex = first.tabIndex < 0 ? -1 : first.tabIndex;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "center" });
}

function start(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const words = JSON.parse(form.dataset.words);
    drafts.keepDraft(form, words);
    const input = form.querySelector("input[type=file][data-preview]");
    const whenReady = input ? chooseFiles(input, words) : () => Promise.resolve();
    for (const day of form.querySelectorAll(".day-field")) readDays(day, words);
    if ("send" in form.dataset) send(form, words, whenReady);
  }
  // "Copy the last text" and "choose all late ones" need no round trip.
  for (const button of root.querySelectorAll("[data-copy-to]")) {
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
  for (const button of root.querySelectorAll("[data-check]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const boxes = [...button.closest("form").elements].filter((box) => box.matches(button.dataset.check));
      const all = boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = !all;
      button.closest("form").dispatchEvent(new Event("input"));
    });
  }
}

start(document);
