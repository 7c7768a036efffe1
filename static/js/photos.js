/* photos.js: each photo is sent as soon as it is chosen, so that nothing is lost when the page comes back or closes.
   Without this the same form sends them all at once. The words are those of the box (data-…), in the reader's language. */
(function () {
  "use strict";

  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  function start(box) {
    const url = box.dataset.photos;
    const list = box.querySelector(".photo-cards");
    const form = box.closest("form");
    if (!url || !list || !form) return;
    const words = (name, file) => box.dataset[name].replace("{name}", file || "");
    const waiting = []; // cards still to be sent, one at a time
    let sending = null;
    let goOn = null; // the button that was pressed while photos were on their way

    /* ---- what is said, once and politely ---- */
    const said = box.querySelector(".photo-said");
    function say(text, isSeen) {
      said.classList.toggle("visually-hidden", !isSeen); // what stands on a card is said here for readers alone
      said.textContent = text;
    }

    /* ---- a card of a photo that isn't there yet ---- */
    function makeCard(file) {
      const card = document.createElement("li");
      card.className = "photo-card";
      const sign = document.createElement("span");
      sign.className = "photo-waits";
      sign.setAttribute("aria-hidden", "true");
      sign.textContent = "…";
      const facts = document.createElement("div");
      facts.className = "photo-facts";
      card.append(sign, facts);
      list.append(card);
      const item = { card, facts, file };
      showProgress(item);
      return item;
    }
    function line(text, className) {
      const paragraph = document.createElement("p");
      paragraph.className = className;
      paragraph.textContent = text;
      return paragraph;
    }
    function showProgress(item) {
      const bar = document.createElement("progress");
      bar.max = 100;
      bar.value = 0;
      bar.setAttribute("aria-label", words("uploading", item.file.name));
      item.bar = bar;
      item.facts.replaceChildren(line(item.file.name, "photo-name"), bar);
    }
    function button(text, act) {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn btn-quiet";
      made.textContent = text;
      made.addEventListener("click", act);
      return made;
    }
    /* A photo that failed keeps its place. What didn't reach us can be tried again; what was refused can't. */
    function showFailure(item, text, mayRetry) {
      const actions = document.createElement("div");
      actions.className = "actions";
      if (mayRetry) actions.append(button(box.dataset.again, () => { showProgress(item); enqueue(item); }));
      actions.append(button(box.dataset.dismiss, () => { item.card.remove(); moveFocus(); }));
      item.card.dataset.failed = "yes";
      item.facts.replaceChildren(line(text, "field-error photo-name"), actions);
      goOn = null;
      say(text);
    }
    function moveFocus() {
      const input = box.querySelector("input[type=file]");
      if (input) input.focus();
    }

    /* ---- sending ---- */
    function enqueue(item) {
      delete item.card.dataset.failed;
      waiting.push(item);
      if (!sending) next();
    }
    function next() {
      sending = waiting.shift() || null;
      if (sending) send(sending);
      else finish();
    }
    function send(item) {
      const data = new FormData();
      data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      data.append("photos", item.file, item.file.name);
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.setRequestHeader("Accept", "application/json");
      request.timeout = 120000;
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) item.bar.value = (100 * event.loaded) / event.total;
      });
      const fail = () => { showFailure(item, words("failed", item.file.name), true); next(); };
      request.addEventListener("error", fail);
      request.addEventListener("timeout", fail);
      request.addEventListener("load", () => {
        const answer = read(request);
        if (!answer) return fail();
        if (answer.problems.length) showFailure(item, answer.problems.join(" "), answer.again === true);
        else if (!answer.cards.length) return fail(); // neither there nor refused: nobody is told it was sent
        else place(item, answer.cards);
        next();
      });
      request.send(data);
      say(words("uploading", item.file.name));
    }
    function read(request) {
      if (request.status !== 200 && request.status !== 422) return null;
      try {
        const answer = JSON.parse(request.responseText);
        return Array.isArray(answer.cards) && Array.isArray(answer.problems) ? answer : null;
      } catch {
        return null;
      }
    }
    /* Our own server's markup, made by the same template as the page. A photo that is there already isn't shown twice. */
    function place(item, cards) {
      const holder = document.createElement("template");
      holder.innerHTML = cards.join("");
      const made = Array.from(holder.content.children).filter(
        (card) => !list.querySelector(`[data-photo="${CSS.escape(card.dataset.photo)}"]`),
      );
      item.card.replaceWith(...made);
      say(words("done", item.file.name));
    }

    /* ---- going on: photos on their way are waited for ---- */
    function finish() {
      const pressed = goOn;
      goOn = null;
      if (pressed && !list.querySelector("[data-failed]")) form.requestSubmit(pressed.form ? pressed : undefined);
    }
    form.addEventListener("submit", (event) => {
      if (sending || waiting.length) {
        event.preventDefault();
        event.stopImmediatePropagation();
        goOn = event.submitter || form;
        say(box.dataset.wait, true);
        return;
      }
      const failed = list.querySelector("[data-failed]");
      if (!failed || (event.submitter && event.submitter.name === "remove")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say(box.dataset.open, true);
      failed.querySelector("button").focus();
    }, true);

    /* ---- removing, in place ---- */
    async function remove(event) {
      const pressed = event.target.closest("[data-remove]");
      if (!pressed || !list.contains(pressed)) return;
      event.preventDefault();
      const data = new FormData();
      data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      let done = false;
      try {
        const answer = await fetch(pressed.dataset.remove, { method: "POST", body: data, headers: { Accept: "application/json" } });
        done = answer.ok;
      } catch {
        done = false;
      }
      if (!done) {
        say(box.dataset.unremoved, true);
        return;
      }
      pressed.closest(".photo-card").remove();
      say(box.dataset.removed, true);
      moveFocus();
    }
    list.addEventListener("click", remove);

    /* ---- choosing: the labels become the buttons ---- */
    all(".photo-inputs", box).forEach((part) => {
      part.classList.add("is-live");
      all(".photo-choose", part).forEach((label) => (label.hidden = false));
    });
    box.addEventListener("change", (event) => {
      const input = event.target;
      if (input.type !== "file") return;
      event.stopPropagation(); // the page around it has nothing to compute anew
      const chosen = Array.from(input.files);
      input.value = ""; // what is sent here isn't sent again with the form
      chosen.forEach((file) => {
        const item = makeCard(file);
        if (file.size > Number(box.dataset.largest)) showFailure(item, words("large", file.name), false);
        else enqueue(item);
      });
    });
  }

  const begin = () => all("[data-photos]").forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
