// On a phone the drawing, the facts and the rarer acts start folded; what the reader opens stays open.

const PARTS = "aside details.part, details.beside:not(:has([open]))";

/** Whether each part was open before the page changed; a part that is new is not in it. */
const before = new WeakMap();

function parts() {
  const narrow = window.matchMedia("(max-width: 760px)").matches;
  return narrow ? document.querySelectorAll(PARTS) : [];
}

function fold() {
  for (const part of parts()) part.open = before.get(part) ?? false;
}

function remember() {
  for (const part of parts()) before.set(part, part.open);
}

/** Fold the parts beside the story and beside the main acts when the page is narrow. */
export function foldOnPhones() {
  fold();
  document.addEventListener("htmx:before:swap", remember);
  document.addEventListener("htmx:after:swap", fold);
}
