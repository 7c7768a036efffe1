/* print.js: <button data-print hidden>Print</button>, shown where a browser runs it; its own menu prints without. */
(function () {
  "use strict";

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
