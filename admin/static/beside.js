// A task beside the list on a wide screen: its own page in a frame. Without this file, or on a phone, the links lead there.
"use strict";

{ // names of its own: the other files of a page have theirs
  const own = document.currentScript.dataset;
  const words = JSON.parse(own.words);
  const page = document.querySelector("main");
  const isWide = window.matchMedia("(min-width: 1200px)");

  // Only behind https do browsers say that it is for a frame of ours that they ask: else no page may be framed.
  function hasRoom() {
    return isWide.matches && window.isSecureContext;
  }

  function asked() {
    const task = new URL(window.location).searchParams.get("task") || "";
    return /^\d+$/.test(task) ? task : "";
  }

  function remember(task) {
    const address = new URL(window.location);
    if (task) address.searchParams.set("task", task);
    else address.searchParams.delete("task");
    window.history.pushState(null, "", address);
  }

  function lineOf(root, task) {
    return root.querySelector(`tr.row th a[href="${own.tasks}${task}"]`)?.closest("tr.row");
  }

  // What was saved in the frame is so in the list; what is chosen there stays chosen.
  async function follow(task) {
    const answer = await fetch(window.location.href, { credentials: "same-origin" });
    if (!answer.ok || asked() !== task) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".list-head h1", ".pills"]) page.querySelector(part).replaceWith(now.querySelector(part));
    const [line, newer] = [lineOf(page, task), lineOf(now, task)];
    line?.classList.toggle("gone", !newer);
    if (!line || !newer) return;
    const [facts, newFacts] = [line, newer].map((one) => one.closest("tbody").querySelector(".facts"));
    if (facts && newFacts) facts.replaceWith(newFacts);
    [...newer.cells].forEach((cell, place) => cell.querySelector("input") || line.cells[place].replaceWith(cell));
    mark(task);
  }

  function mark(task) {
    page.querySelector("tr.row th a[aria-current]")?.removeAttribute("aria-current");
    if (task) lineOf(page, task)?.querySelector("th a").setAttribute("aria-current", "true");
  }

  function made(tag, values, ...children) {
    const one = Object.assign(document.createElement(tag), values);
    one.append(...children);
    return one;
  }

  function shut() {
    page.querySelector(".task-beside")?.remove();
    page.classList.remove("with-beside");
    mark("");
  }

  function close() {
    const task = asked();
    shut();
    remember("");
    lineOf(page, task)?.querySelector("th a").focus();
  }

  function show(task) {
    shut();
    const frame = made("iframe", { title: words.task, src: own.tasks + task });
    const button = made("button", { type: "button", className: "button plain", textContent: `✕ ${words.close}` });
    button.addEventListener("click", close);
    const whole = made("a", { href: own.tasks + task, textContent: words.whole });
    const aside = made("aside", { className: "task-beside" }, made("p", {}, button, whole), frame);
    aside.setAttribute("aria-label", words.task);
    page.append(aside);
    page.classList.add("with-beside");
    mark(task);
    lineOf(page, task)?.scrollIntoView({ block: "nearest" });
    let loads = 0;
    frame.addEventListener("load", () => {
      const inside = frame.contentDocument;
      const heading = inside.querySelector("h1");
      if (heading) {
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
      }
      inside.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
      if ((loads += 1) > 1) follow(task);
    });
  }

  function follows(event) {
    const link = event.target.closest("tr.row th a");
    const other = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || other || !hasRoom()) return;
    event.preventDefault();
    const task = link.getAttribute("href").slice(own.tasks.length);
    remember(task);
    show(task);
  }

  function arrive() {
    const task = asked();
    if (!task) shut();
    else if (hasRoom()) show(task);
    else window.location.replace(own.tasks + task);
  }

  page.addEventListener("click", follows);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !page.querySelector(".task-beside") || document.querySelector("dialog[open]")) return;
    event.stopImmediatePropagation(); // the choice in the list stays
    close();
  }, true);
  window.addEventListener("popstate", arrive);
  isWide.addEventListener("change", arrive);
  if (asked()) arrive();
}
