/* decisions.js: the reason why some units aren't authorized is asked only where some aren't. Without this it always shows. */
(function () {
  "use strict";

  function tellWhetherAll(part) {
    const units = part.querySelector("input[type=number]");
    if (units && units.value === part.dataset.most) part.dataset.all = "yes";
    else delete part.dataset.all;
  }

  function start() {
    document.querySelectorAll(".decision").forEach((part) => {
      tellWhetherAll(part);
      part.addEventListener("input", () => tellWhetherAll(part));
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
