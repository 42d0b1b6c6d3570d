// Forms of acts: sent once, cleared when done, folds closed by Escape.

/** Watch all forms of the page, also those that come later. */
export function watchForms() {
  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) form.requestSubmit();
    if (event.key === "Escape") closeFold(event.target);
  });
  document.addEventListener("htmx:before:request", (event) => {
    const form = event.detail?.ctx?.sourceElement;
    if (form?.matches?.("form.act, form.composer")) form.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { sourceElement: form, response } = event.detail?.ctx ?? {};
    if (!form?.matches?.("form")) return;
    form.removeAttribute("aria-busy");
    // A redirect means that the act took effect: what was typed is no longer needed.
    if (!response?.raw?.redirected) return;
    form.reset();
    for (const fold of document.querySelectorAll("details.fold[open], details.words[open]")) {
      if (fold.contains(form) || form.contains(fold)) fold.open = false;
    }
  });
}

function closeFold(from) {
  const fold = from.closest?.("details.fold, details.words");
  if (!fold) return;
  fold.open = false;
  fold.querySelector("summary")?.focus();
}
