/* findings.js: a place for the goods that somebody chose isn't replaced by the one suggested for a new finding. Without
   this the page still asks before it saves another place than it showed. */
(function () {
  "use strict";

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const goods = event.detail.target;
    if (!goods.matches(".goods")) return;
    const suggested = goods.querySelector("input[type=hidden]");
    const chosen = goods.querySelector("input:checked");
    if (!suggested || !chosen || chosen.value === suggested.value) return;
    event.detail.shouldSwap = false;
    suggested.value = event.detail.fragment.querySelector("input[type=hidden]").value;
  });
})();
