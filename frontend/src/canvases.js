// Finds the drawings of a page, and loads what shows them only when there is one in sight.

let shown;

/** Show every drawing when it comes into sight, also those swapped in later. */
export function watchDrawings() {
  shown = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting || "drawn" in target.dataset) continue;
      target.dataset.drawn = "";
      const table = target.dataset.shows === "dmn";
      (table ? import("./tables.js") : import("./drawing.js")).then((drawing) => drawing.show(target));
    }
  });
  look();
  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("toggle", look, true);
  document.querySelector("#live")?.addEventListener("changed", follow);
}

function look() {
  for (const one of document.querySelectorAll("[data-drawing]:not([data-drawn])")) shown.observe(one);
  follow();
}

let waiting;

/** After a change, ask where the case is now; several changes at once are one question. */
function follow() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    for (const one of document.querySelectorAll("[data-drawn][data-trace]")) {
      one.dispatchEvent(new CustomEvent("moved"));
    }
  }, 200);
}
