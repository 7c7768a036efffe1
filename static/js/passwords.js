/* passwords.js: a button beside each password that shows what was typed. Without it the fields stay as they are. */
(function () {
  "use strict";

  const words = document.currentScript.dataset;

  function offer(input) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button reveal";
    button.setAttribute("aria-controls", input.id);
    const label = (isShown) => {
      input.type = isShown ? "text" : "password";
      button.textContent = isShown ? words.hide : words.show;
    };
    button.addEventListener("click", () => label(input.type === "password"));
    // Sent as a password, so that browsers offer to keep it and don't remember it as a text.
    input.form.addEventListener("submit", () => label(false));
    label(false);
    input.insertAdjacentElement("afterend", button);
  }

  document.querySelectorAll("input[type=password]").forEach(offer);
})();
