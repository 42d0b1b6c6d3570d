// What is typed into the form of an act is kept on the server while one types, so that a reload or
// another device offers it again. A field that was typed in is not overwritten by a page that
// refreshes itself, until its form was sent.
const PAUSE = 1500; // milliseconds without a key
const LONGEST = 10_000; // milliseconds of typing without a pause
const waiting = new Map(); // form -> { timer, since, sending }

/** Watch all forms of acts, also those that come later. */
export function watchDrafts() {
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("submit", (event) => stop(event.target), true);
  document.addEventListener("htmx:before:swap", (event) => {
    const form = event.detail?.ctx?.sourceElement;
    if (form?.matches?.("form[data-draft]")) release(form);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const form of [...waiting.keys()]) keep(form, true);
  });
}

function typed(event) {
  const form = event.target.form;
  if (!form?.matches?.("form[data-draft]") || event.target.type === "file") return;
  event.target.setAttribute("data-typed", "");
  const now = Date.now();
  const one = waiting.get(form) ?? { since: now };
  clearTimeout(one.timer);
  one.timer = setTimeout(() => keep(form), Math.min(PAUSE, Math.max(0, one.since + LONGEST - now)));
  waiting.set(form, one);
}

async function keep(form, leaving = false) {
  const one = waiting.get(form);
  if (!one) return;
  clearTimeout(one.timer);
  waiting.delete(form);
  if (!form.isConnected) return;
  const said = new FormData(form);
  for (const [name, value] of [...said]) if (value instanceof File) said.delete(name);
  one.sending = new AbortController();
  form.draftSending = one.sending;
  try {
    await fetch(form.dataset.draft, {
      method: "POST", body: said, keepalive: leaving, redirect: "error", signal: one.sending.signal,
    });
  } catch {
    // Not kept this time: what is typed still stands in the form, and the next key tries again.
  }
}

function stop(form) {
  if (!form?.matches?.("form[data-draft]")) return;
  clearTimeout(waiting.get(form)?.timer);
  waiting.delete(form);
  form.draftSending?.abort();
}

function release(form) {
  stop(form);
  for (const field of form.querySelectorAll("[data-typed]")) field.removeAttribute("data-typed");
}
