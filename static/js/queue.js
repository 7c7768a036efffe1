/* queue.js: choosing rows of the queue by keys. X marks the row, Escape clears; how many are chosen is said,
   and what can be done with them stays in sight. */
(function () {
  "use strict";

  const boxes = () => Array.from(document.querySelectorAll('input[name="chosen"]'));
  const line = document.getElementById("chosen-number");
  if (!line) return;

  function say() {
    const chosen = boxes().filter((box) => box.checked);
    const number = chosen.length;
    const states = new Set(chosen.map((box) => box.closest("tr").querySelector(".pill").textContent.trim()));
    const mixed = states.size > 1 ? `: ${Array.from(states).join(", ")}. Only rows in the same state go together` : "";
    line.textContent = number ? `${number} chosen${mixed}` : line.dataset.none;
    line.closest("form").toggleAttribute("data-chosen", number > 0);
  }
  function onKey(event) {
    const row = document.activeElement && document.activeElement.closest("[data-rows] tbody tr");
    const isField = event.target.closest("input:not([type=checkbox]), select, textarea, dialog[open]");
    if (isField || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") boxes().forEach((box) => (box.checked = false));
    else if (event.key === "x" && row && localStorage.getItem("single-keys") !== "off") {
      const box = row.querySelector('input[name="chosen"]');
      box.checked = !box.checked;
    } else return;
    say();
  }
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", say);
  window.addEventListener("pageshow", say);
})();
