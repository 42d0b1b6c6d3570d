// Names after an "@" while writing: a list to choose from, by keyboard or by pointer.

const MOST = 6;

/** Watch every text that knows whom one may mention. */
export function watchMentions() {
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("textarea[data-handles]")) suggest(event.target);
  });
  document.addEventListener("keydown", choose, true);
  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.("textarea[data-handles]")) setTimeout(() => close(event.target), 150);
  });
}

function started(text) {
  return text.value.slice(0, text.selectionStart).match(/(^|[\s(])@([\p{L}\p{N}._-]*)$/u);
}

function suggest(text) {
  const found = started(text);
  const stem = found?.[2].toLowerCase() ?? "";
  const names = found
    ? text.dataset.handles.split(" ").filter((one) => one.toLowerCase().startsWith(stem)).slice(0, MOST)
    : [];
  if (!names.length) return close(text);
  const list = listOf(text);
  list.replaceChildren(...names.map((name, at) => option(text, name, at)));
  mark(text, 0);
}

function option(text, name, at) {
  const item = document.createElement("li");
  item.id = `${text.id}-name-${at}`;
  item.setAttribute("role", "option");
  item.textContent = `@${name}`;
  item.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    insert(text, name);
  });
  return item;
}

function listOf(text) {
  const id = `${text.id}-names`;
  let list = document.getElementById(id);
  if (!list) {
    list = document.createElement("ul");
    list.id = id;
    list.className = "names";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "@");
    text.after(list);
    text.setAttribute("role", "combobox");
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", id);
  }
  text.setAttribute("aria-expanded", "true");
  return list;
}

function mark(text, at) {
  const options = [...document.querySelectorAll(`#${text.id}-names [role=option]`)];
  options.forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
  if (options[at]) text.setAttribute("aria-activedescendant", options[at].id);
}

function close(text) {
  document.getElementById(`${text.id}-names`)?.remove();
  for (const name of ["role", "aria-expanded", "aria-controls", "aria-autocomplete", "aria-activedescendant"]) {
    text.removeAttribute(name);
  }
}

function choose(event) {
  const text = event.target;
  if (!text.matches?.("textarea[data-handles]")) return;
  const options = [...document.querySelectorAll(`#${text.id}-names [role=option]`)];
  if (!options.length) return;
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") mark(text, (at + 1) % options.length);
  else if (event.key === "ArrowUp") mark(text, (at - 1 + options.length) % options.length);
  else if (event.key === "Tab" || (event.key === "Enter" && !event.ctrlKey && !event.metaKey)) {
    insert(text, options[Math.max(at, 0)].textContent.slice(1));
  } else if (event.key === "Escape") close(text);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function insert(text, name) {
  const found = started(text);
  if (!found) return;
  const from = text.selectionStart - found[2].length;
  text.setRangeText(`${name} `, from, text.selectionStart, "end");
  close(text);
}
