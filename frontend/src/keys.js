// The keyboard: j k Enter a r c / ? on lists and cards. Nothing happens while somebody types.

const typing = (element) =>
  element.closest?.("input, textarea, select, [contenteditable], dialog[open]");

const rows = () => [...document.querySelectorAll("[data-row]")];

const here = () => document.activeElement?.closest?.("[data-row]") ?? null;

function move(step) {
  const all = rows();
  const at = all.indexOf(here());
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  next?.querySelector("a, button, summary")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** Press the nth act of the row one is in, else of the first row that has any. */
function act(nth) {
  const row = here() ?? rows().find((one) => one.querySelector(".acts button, .acts summary"));
  const visible = [...(row?.querySelectorAll(".acts > form button, .acts > details > summary") ?? [])];
  const button = visible.filter((one) => !one.closest(".sheet"))[nth];
  if (!button) return;
  button.focus();
  button.click();
  const fold = button.closest("details.fold");
  if (fold?.open) fold.querySelector("input:not([type=hidden]), textarea, select")?.focus();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  a: () => act(0),
  r: () => act(1),
  c: () => document.querySelector("#comment")?.focus(),
  "/": () => document.querySelector("#find")?.focus(),
  "?": () => document.querySelector("#keys")?.showModal(),
};

/** Listen to the keys of the page. */
export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = keys[event.key];
    if (!key) return;
    event.preventDefault();
    key();
  });
}
