/* house.js: conveniences. Every page works without it; it has no dependency and needs no inline code.
   Focus after errors and decisions, one submit at a time, copying, menus that close, and the desk's keys. */
(function () {
  "use strict";

  const find = (selector, root) => (root || document).querySelector(selector);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  /* After a decision the desk's focus goes to the line that says what was done; the next thing is keyed from there.
     A summary of errors takes it by `autofocus`, except where it came by a swap. */
  function focusFlash() {
    const flash = find("#flash .flash");
    if (flash && !find("[autofocus]")) flash.focus({ preventScroll: true });
  }

  /* A link in the error summary leads to the control and shows its label, not only its lower edge. */
  function followError(event) {
    const link = event.target.closest(".error-summary a[href^='#']");
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    (control.closest(".field") || control).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  }

  /* The second press of a button does nothing. The button stays enabled, so that its name and value are sent and
     screen readers keep their place; the mark goes when the page comes back from the browser's memory. */
  function submitOnce(event) {
    const form = event.target;
    if (form.method === "get" || form.hasAttribute("data-hx-post") || form.method === "dialog") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    all("button, input[type=submit]", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  }
  function forgetSent() {
    all("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
    });
  }

  /* <button data-copy="#address" hidden>Copy the address</button>: shown only where copying works. */
  function offerCopying(root) {
    if (!navigator.clipboard) return;
    all("[data-copy]", root).forEach((button) => (button.hidden = false));
  }
  async function copy(event) {
    const button = event.target.closest("[data-copy]");
    const source = button && find(button.dataset.copy);
    if (!source) return;
    try {
      await navigator.clipboard.writeText(source.innerText.trim());
      say(button.dataset.copied || find("#flash").dataset.copied);
    } catch {
      say(find("#flash").dataset.notCopied);
    }
  }
  /* <button data-print hidden>Print</button>: shown only where there is a script to press it. */
  function offerPrinting() {
    all("[data-print]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    });
  }
  function say(words) {
    const line = document.createElement("p");
    line.className = "flash";
    line.textContent = words;
    find("#flash").replaceChildren(line);
  }

  /* Menus are <details>: they open without this, and close by Escape or by a press elsewhere with it. */
  function closeMenus(except) {
    all("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  /* What htmx is about to replace says so after 300 ms: a line at its top (house.css), and aria-busy for readers. */
  const waits = new WeakMap();
  function markBusy(event) {
    const target = event.detail.target;
    if (target) waits.set(target, setTimeout(() => target.setAttribute("aria-busy", "true"), 300));
  }
  function markDone(event) {
    const target = event.detail.target;
    if (!target) return;
    clearTimeout(waits.get(target));
    target.removeAttribute("aria-busy");
  }

  /* ---- the desk's keys. A single key never sends mail or moves money: G goes to the button, Enter presses it. ---- */

  const isField = (element) => element.closest("input, select, textarea, [contenteditable], dialog[open]");
  const rows = () => all("[data-rows] tbody tr").filter((row) => find("a[href]", row));

  function move(step) {
    const list = rows();
    if (!list.length) return;
    const here = list.findIndex((row) => row.contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(here + step, 0), list.length - 1);
    const link = find("a[href]", list[next]);
    link.focus();
    list[next].scrollIntoView({ block: "nearest" });
  }
  function open() {
    const row = rows().find((candidate) => candidate.contains(document.activeElement));
    if (row) find("a[href]", row).click();
  }
  function showKeys() {
    const keys = document.getElementById("keys");
    if (keys && !keys.open) keys.showModal();
  }
  function goTo(selector) {
    const element = find(selector);
    if (element) element.focus();
  }
  /* M and T lead to the box below a request's notes, with who reads it chosen already. */
  function write(kind) {
    const form = find(".message-form");
    const choice = form && find(`input[value="${kind}"]`, form);
    if (!choice) return;
    choice.checked = true;
    find("textarea", form).focus();
  }
  /* People who speak to their browser, or rest a hand on the keys, can turn single keys off: in this browser. */
  const keysAreOff = () => localStorage.getItem("single-keys") === "off";
  function offerTurningOff() {
    const box = find("[data-keys-on]");
    if (!box) return;
    box.checked = !keysAreOff();
    box.addEventListener("change", () => localStorage.setItem("single-keys", box.checked ? "on" : "off"));
  }
  const KEYS = {
    "/": () => goTo("#find"),
    "?": showKeys,
    j: () => move(1),
    k: () => move(-1),
    o: open,
    g: () => goTo("[data-primary]"),
    v: () => goTo(".views a[aria-current], .views a"),
    f: () => goTo(".filters select, .filters input, .filters button"),
    m: () => write("message"),
    t: () => write("note"),
  };

  /* Esc leaves a field first; then it presses what leaves the page and keeps all of it, where there is such a button
     or link. A link keeps nothing, so it isn't followed from a page on which something is written or chosen. */
  function leave(element) {
    const way = find("[data-escape]");
    if (!way) return;
    if (isField(element)) element.blur();
    else if (!way.matches("a") || !(keysAreOff() || isWritten())) way.click();
  }
  const isChanged = (field) =>
    field.options
      ? Array.from(field.options).some((each) => each.index && each.selected && !each.defaultSelected)
      : field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  const isWritten = () => all("#decision :is(input, select, textarea), main textarea").some(isChanged);

  function onKey(event) {
    if (event.key === "Escape") {
      const isOpen = find("details.menu[open], dialog[open]");
      closeMenus();
      if (!isOpen) leave(event.target);
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form[method=post]");
      if (form) form.requestSubmit(find("[data-primary]", form) || undefined);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isField(event.target)) return;
    if (keysAreOff() && event.key !== "?") return;
    const own = find(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    /* J and K lead from row to row; on a page without rows its links say where. */
    const isAlone = own && own.matches("[rel=next], [rel=prev]");
    if (KEYS[event.key.toLowerCase()] && !isAlone) {
      event.preventDefault();
      KEYS[event.key.toLowerCase()]();
    } else if (own) {
      event.preventDefault();
      if (own.matches("a[href]")) own.click();
      else own.focus();
    }
  }

  function start() {
    const onDesk = document.documentElement.dataset.area === "desk";
    offerCopying(document);
    offerPrinting();
    offerTurningOff();
    if (onDesk) focusFlash();
    all("[data-show-keys]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        closeMenus();
        showKeys();
      });
    });
    document.addEventListener("click", (event) => {
      followError(event);
      copy(event);
      closeMenus(event.target.closest("details.menu"));
    });
    document.addEventListener("submit", submitOnce);
    document.addEventListener("htmx:beforeRequest", markBusy);
    document.addEventListener("htmx:afterRequest", markDone);
    document.addEventListener("htmx:afterSwap", (event) => {
      offerCopying(event.target);
      const summary = find("#error-summary", event.target);
      if (summary) summary.focus();
    });
    window.addEventListener("pageshow", forgetSent);
    document.addEventListener("keydown", onDesk ? onKey : (event) => event.key === "Escape" && closeMenus());
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
