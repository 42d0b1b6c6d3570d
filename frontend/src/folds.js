// On a phone the drawing and the facts start folded; what the reader opens stays open.

/** Fold the parts beside the story when the page is narrow. */
export function foldOnPhones() {
  if (!window.matchMedia("(max-width: 760px)").matches) return;
  for (const part of document.querySelectorAll("aside details.part")) part.open = false;
}
