// Drafts: what is typed or chosen in a form waits on this device, under the person's own number, until it was saved.
// Without this file the same forms work; the server keeps what it has refused.
"use strict";

const drafts = (() => {
  const KEPT_DAYS = 30;
  const LARGEST_FILES = 60_000_000; // bytes of a form: what a phone's browser lets a site keep without asking
  const FIELDS =
    "textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit], [type=button], [autocomplete=one-time-code])";

  function say(words, name, values = {}) {
    return Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words[name]);
  }

  function digits(words, text) {
    return words.thai ? String(text).replace(/\d/g, (digit) => "๐๑๒๓๔๕๖๗๘๙"[digit]) : String(text);
  }

  function element(tag, attributes = {}, ...children) {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  }

  // ---- Fields: their values, and what they were when the page came.

  function fieldsOf(form) {
    return [...form.elements].filter((field) => field.name && field.matches(FIELDS));
  }

  function isBox(field) {
    return field.type === "checkbox" || field.type === "radio";
  }

  function valueOf(field) {
    if (isBox(field)) return field.checked;
    return field.multiple ? [...field.selectedOptions].map((option) => option.value).join("\n") : field.value;
  }

  function baseOf(field) {
    if (isBox(field)) return field.defaultChecked;
    if (field.tagName !== "SELECT") return field.defaultValue;
    const chosen = [...field.options].filter((option) => option.defaultSelected);
    if (field.multiple) return chosen.map((option) => option.value).join("\n");
    return (chosen.at(-1) || field.options[0])?.value ?? "";
  }

  // A slow line brings this file after the first words: they count, not the draft of another day.
  function isTouched(field) {
    return valueOf(field) !== baseOf(field);
  }

  function put(field, value) {
    if (isBox(field)) field.checked = value === true;
    else if (field.tagName === "SELECT") {
      const wanted = String(value).split("\n");
      for (const option of field.options) option.selected = wanted.includes(option.value);
    } else if (typeof value === "string") field.value = value;
  }

  function namesOf(fields) {
    const seen = {};
    return fields.map((field) => {
      const name = isBox(field) ? `${field.name}=${field.value}` : field.name;
      seen[name] = (seen[name] || 0) + 1;
      return seen[name] > 1 ? `${name} ${seen[name]}` : name;
    });
  }

  // How many fields a person would count: a group of boxes is one.
  function changedIn(form) {
    return new Set(fieldsOf(form).filter(isTouched).map((field) => (isBox(field) ? field.name : field))).size;
  }

  // ---- The device: texts in localStorage, files in IndexedDB.

  function stored(key) {
    try {
      const draft = JSON.parse(localStorage.getItem(key) || "null");
      if (!draft || Date.now() - draft.at <= KEPT_DAYS * 86_400_000) return draft;
      forget(key);
    } catch {
      // private browsing may refuse: the form still works
    }
    return null;
  }

  function store(key, draft) {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  function forget(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // as above
    }
    inFiles("readwrite", (files) => files.delete(key)).catch(() => {});
  }

  function inFiles(mode, work) {
    return new Promise((done, failed) => {
      const opening = indexedDB.open("drafts", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("files");
      opening.onerror = () => failed(opening.error);
      opening.onsuccess = () => {
        const database = opening.result;
        const transaction = database.transaction("files", mode);
        const asked = work(transaction.objectStore("files"));
        transaction.oncomplete = () => {
          database.close();
          done(asked.result);
        };
        transaction.onerror = transaction.onabort = () => {
          database.close();
          failed(transaction.error);
        };
      };
    });
  }

  // ---- One form.

  function keyOf(form) {
    if (form.dataset.draft) return `draft ${form.dataset.draft}`;
    if (form.dataset.draftName) return `draft ${document.documentElement.dataset.account} ${form.dataset.draftName}`;
    const own = [...form.elements].filter((one) => one.type === "hidden" && !["csrf_token", "key", "draft"].includes(one.name) && !one.name.startsWith("seen"));
    const which = own.map((one) => `${one.name}=${one.value}`).join("&");
    return `draft ${document.documentElement.dataset.account} ${new URL(form.action, window.location.href).pathname} ${which}`;
  }

  function restore(form, key, words) {
    const fields = fieldsOf(form);
    const names = namesOf(fields);
    const draft = stored(key);
    if (form.matches("[data-typed]") || form.querySelector("[data-typed]") || !draft?.fields) return; // the server knows better
    const bases = draft.bases || {};
    const homeless = [];
    let isChanged = false;
    fields.forEach((field, place) => {
      const value = draft.fields[names[place]];
      if (value === undefined || isTouched(field) || value === valueOf(field)) return;
      if (names[place] in bases && bases[names[place]] !== baseOf(field)) {
        if (typeof value === "string" && value !== bases[names[place]] && !isBox(field)) homeless.push(value);
        return; // somebody saved another value meanwhile: it stands, what was typed is shown beside it
      }
      put(field, value);
      isChanged = true;
    });
    if (!isChanged && !homeless.length) return;
    for (const box of form.querySelectorAll("details")) box.open ||= fieldsOf(form).some((field) => box.contains(field) && isTouched(field));
    for (let above = form.closest("details"); above; above = above.parentElement.closest("details")) above.open = true;
    announce(form, key, words, draft.at, homeless);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function announce(form, key, words, at, homeless) {
    form.querySelector(":scope > .notice.draft")?.remove();
    const when = new Date(at).toLocaleString(words.thai ? "th-TH" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
    const discard = element("button", { type: "button", className: "button plain", textContent: words.discard });
    const text = element("div", {}, element("span", { textContent: say(words, "restored", { when: digits(words, when) }) }));
    for (const value of homeless) {
      const copy = element("textarea", { readOnly: true, rows: 3, value });
      copy.setAttribute("aria-label", words.other);
      text.append(element("p", { textContent: words.other }), copy);
    }
    const notice = element("div", { className: "notice draft" }, text, discard);
    notice.setAttribute("role", "status");
    discard.addEventListener("click", () => {
      for (const field of fieldsOf(form)) put(field, baseOf(field));
      form.dispatchEvent(new Event("drafts:discard"));
      forget(key);
      notice.remove();
      const first = fieldsOf(form)[0];
      first.focus();
      first.dispatchEvent(new Event("change", { bubbles: true }));
    });
    form.prepend(notice);
  }

  function keepTexts(form, key) {
    const fields = fieldsOf(form);
    if (!fields.some(isTouched)) return void (stored(key)?.files || forget(key));
    const names = namesOf(fields);
    const draft = { at: Date.now(), fields: {}, bases: {} };
    fields.forEach((field, place) => {
      draft.fields[names[place]] = valueOf(field);
      if (!form.dataset.draft) draft.bases[names[place]] = baseOf(field);
    });
    draft.files = stored(key)?.files;
    store(key, draft);
  }

  // Photos stay with the words. Where this device does not keep them, the page says so.
  function keepFiles(form, key, input, words) {
    const line = element("p", { className: "help warn-words", hidden: true });
    line.setAttribute("role", "status");
    input.closest(".field, fieldset")?.append(line);

    async function keep() {
      const files = [...input.files];
      const size = files.reduce((sum, file) => sum + file.size, 0);
      try {
        if (size > LARGEST_FILES) throw new RangeError("too large to keep");
        await inFiles("readwrite", (place) => (files.length ? place.put({ at: Date.now(), name: input.name, files }, key) : place.delete(key)));
        const draft = stored(key) || { fields: {}, bases: {} };
        if (!store(key, { ...draft, at: Date.now(), files: files.length })) throw new RangeError("no room");
        line.hidden = true;
      } catch {
        line.textContent = words.unkept;
        line.hidden = !files.length;
      }
    }

    async function back() {
      if (!stored(key)?.files || input.files.length || form.querySelector("[name=kept]")) return;
      try {
        const kept = await inFiles("readonly", (place) => place.get(key));
        if (!kept || Date.now() - kept.at > KEPT_DAYS * 86_400_000 || kept.name !== input.name) return;
        const bag = new DataTransfer();
        for (const file of kept.files) bag.items.add(file);
        input.files = bag.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
        if (!form.querySelector(":scope > .notice.draft")) announce(form, key, words, kept.at, []);
      } catch {
        // the words are there; the photos must be chosen again
      }
    }

    input.addEventListener(input.dataset.preview ? "drafts:chosen" : "change", keep);
    form.addEventListener("drafts:discard", () => {
      input.value = "";
      input.dispatchEvent(new Event("drafts:emptied"));
    });
    return back();
  }

  // The server answers which form it has saved (admin/web/drafts.py): only then the draft goes.
  function mark(form, key) {
    let field = form.elements.draft;
    if (!field) form.append((field = element("input", { type: "hidden", name: "draft" })));
    field.value = key;
  }

  function keepDraft(form, words) {
    const key = keyOf(form);
    mark(form, key);
    restore(form, key, words);
    form.addEventListener("input", () => keepTexts(form, key));
    form.addEventListener("change", () => keepTexts(form, key));
    if (fieldsOf(form).some(isTouched)) keepTexts(form, key);
    for (const input of form.querySelectorAll("input[type=file]")) keepFiles(form, key, input, words);
  }

  // ---- The bar of a page with several fields: how many are not saved, and leaving asks.

  function watch(forms, words) {
    const text = element("span", {});
    const kept = element("span", { className: "muted small" });
    const button = element("button", { type: "button", className: "button primary" });
    const sticky = forms.length === 1 && forms[0].querySelector(".sticky"); // the form's own bar has its button
    const bar = element("div", { className: sticky ? "unsaved within" : "unsaved", hidden: true }, element("p", {}, text, kept));
    if (!sticky) bar.append(button);
    bar.setAttribute("role", "region");
    bar.setAttribute("aria-label", words.unsavedBar);
    const changed = () => forms.filter((form) => form.isConnected && changedIn(form) > 0);

    function show() {
      const which = changed();
      const count = which.reduce((sum, form) => sum + changedIn(form), 0);
      bar.hidden = !count;
      document.body.classList.toggle("has-unsaved", count > 0);
      text.textContent = say(words, count === 1 ? "unsavedOne" : "unsaved", { n: digits(words, count) });
      const at = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      kept.textContent = ` ${say(words, "keptAt", { time: digits(words, words.thai ? at.replace(":", ".") : at) })}`;
      button.textContent = which.length > 1 ? words.toFirst : which[0]?.querySelector("button.primary, button:not([type=button])")?.textContent.trim() || words.toFirst;
    }

    function settle(form) {
      delete form.dataset.leaving;
      if (!dropSaved().includes(keyOf(form))) return;
      for (const field of fieldsOf(form)) {
        if (isBox(field)) field.defaultChecked = field.checked;
        else if (field.tagName === "SELECT") for (const option of field.options) option.defaultSelected = option.selected;
        else field.defaultValue = field.value;
      }
      show();
    }

    button.addEventListener("click", () => {
      const which = changed();
      const sender = which.length === 1 && which[0].querySelector("button.primary, button:not([type=button])");
      if (sender) return void which[0].requestSubmit(sender);
      const first = fieldsOf(which[0]).find(isTouched);
      for (let above = first.closest("details"); above; above = above.parentElement.closest("details")) above.open = true;
      first.scrollIntoView({ block: "center" });
      first.focus({ preventScroll: true });
    });
    for (const form of forms) {
      form.addEventListener("input", show);
      form.addEventListener("change", show);
      form.addEventListener("submit", () => {
        form.dataset.leaving = "yes";
        window.setTimeout(() => settle(form), 4000); // the answer may have been a file: the page stays
      });
    }
    window.addEventListener("beforeunload", (event) => {
      if (forms.some((form) => form.dataset.leaving) || !changed().length) return;
      event.preventDefault();
    });
    window.addEventListener("pageshow", () => forms.forEach((form) => delete form.dataset.leaving));
    if (sticky) sticky.prepend(bar);
    else document.body.append(bar);
    show();
  }

  // ---- A page.

  function keepAll(root, words) {
    const forms = [...root.querySelectorAll("form")].filter((form) => form.method === "post" && form.matches(":not([data-draft], [data-no-draft])"));
    const typed = forms.filter((form) => !form.querySelector("[type=password]") && isWorthKeeping(form));
    for (const form of typed) keepDraft(form, words);
    if (typed.reduce((sum, form) => sum + fieldsOf(form).length, 0) > 1) watch(typed, words);
  }

  // Prose, or several fields: a single choice is made again sooner than it is asked about.
  function isWorthKeeping(form) {
    return form.querySelector("textarea") !== null || new Set(fieldsOf(form).map((field) => field.name)).size > 1;
  }

  return { keepDraft, keepAll, forget, say, digits, element };
})();
