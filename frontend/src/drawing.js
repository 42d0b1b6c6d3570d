// The drawing with live tokens: bpmn-js shows the file as it was deployed, we mark where a case
// is and the way it came. The bpmn.io mark stays as it is, and its corner stays free.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./drawing.css";

const FLOW = /Task$|Event$|Gateway$|CallActivity$|SubProcess$|Transaction$/;
const MARKS = { open: "is-open", done: "is-done", taken: "is-taken", left_out: "is-left-out", changed: "is-changed" };

/** Show the drawing of an element that carries `data-drawing`, and keep its marks up to date. */
export async function show(element) {
  const canvas = element.querySelector(".canvas");
  const xml = await text(element.dataset.drawing);
  if (xml === null) return;
  const viewer = new NavigatedViewer({
    container: canvas,
    bpmnRenderer: {
      defaultFillColor: "var(--paper)",
      defaultStrokeColor: "var(--line-ink)",
      defaultLabelColor: "var(--ink)",
    },
  });
  try {
    await viewer.importXML(xml);
  } catch {
    element.querySelector(".unread").firstChild.textContent = `${element.dataset.none} `;
    canvas.hidden = true;
    return;
  }
  element.classList.add("is-shown");
  // The wheel belongs to the page until somebody steps into the drawing.
  viewer.get("zoomScroll").toggle(false);
  canvas.addEventListener("pointerdown", () => viewer.get("zoomScroll").toggle(true));
  element.addEventListener("pointerleave", () => viewer.get("zoomScroll").toggle(false));
  element.append(controls(element, viewer));
  if (element.dataset.steps) openSteps(element, viewer);
  const marks = new Marks(viewer, element.dataset.here);
  if (element.dataset.trace) {
    const follow = async () => marks.follow(JSON.parse((await text(element.dataset.trace)) ?? "{}"));
    element.addEventListener("moved", async () => {
      await follow();
      if (!element.dataset.moved) fit(viewer, marks.open);
    });
    await follow();
  }
  fit(viewer, marks.open);
  new ResizeObserver(() => {
    viewer.get("canvas").resized();
    if (!element.dataset.moved) fit(viewer, marks.open);
  }).observe(canvas);
  element.dataset.state = "shown";
}

/** A press on a named step opens its page; dragging moves the drawing as ever. */
function openSteps(element, viewer) {
  const named = (one) => Boolean(one?.businessObject?.name) && !one.waypoints && !one.labelTarget;
  viewer.on("element.click", ({ element: one, originalEvent }) => {
    const node = one.labelTarget ?? one;
    if (!named(node) || !FLOW.test(node.type) || originalEvent?.button) return;
    location.assign(element.dataset.steps + encodeURIComponent(node.businessObject.id));
  });
  element.classList.add("has-steps");
  for (const one of viewer.get("elementRegistry").filter((each) => named(each) && FLOW.test(each.type))) {
    viewer.get("canvas").addMarker(one, "is-step");
  }
}

async function text(address) {
  const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
  return answer.ok ? answer.text() : null;
}

const MARGIN = { top: 40, bottom: 44, side: 12 }; // pixels: our buttons above, the mark below
const READABLE = 0.45;

/** The whole drawing where it stays readable, else the part where the case is. */
function fit(viewer, open) {
  const canvas = viewer.get("canvas");
  const { inner, outer } = canvas.viewbox();
  if (!outer.width || !inner.width) return;
  const [width, height] = [outer.width - 2 * MARGIN.side, outer.height - MARGIN.top - MARGIN.bottom];
  const whole = Math.min(width / inner.width, height / inner.height, 1);
  const token = open.length ? viewer.get("elementRegistry").get(open[0]) : null;
  const shown = whole < READABLE && token ? token : inner;
  const scale = shown === inner ? whole : 0.6;
  canvas.viewbox({
    x: shown.x + shown.width / 2 - outer.width / scale / 2,
    y: shown.y + shown.height / 2 - (MARGIN.top + height / 2) / scale,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

/** Zoom by button, for those without a wheel; above the drawing, away from the mark's corner. */
function controls(element, viewer) {
  const bar = document.createElement("div");
  bar.className = "zoom";
  const add = (label, words, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.title = words;
    button.setAttribute("aria-label", words);
    button.addEventListener("click", () => {
      element.dataset.moved = "yes";
      act();
    });
    bar.append(button);
  };
  const step = (by) => viewer.get("zoomScroll").stepZoom(by);
  add("+", element.dataset.larger, () => step(1));
  add("−", element.dataset.smaller, () => step(-1));
  add("□", element.dataset.whole, () => fit(viewer, []));
  return bar;
}

/** What is marked in the drawing now; `follow` changes only the difference. */
class Marks {
  constructor(viewer, words) {
    this.viewer = viewer;
    this.words = words;
    this.now = { open: [], done: [], taken: [], left_out: [], changed: [] };
  }

  get open() {
    return this.now.open;
  }

  follow(trace) {
    const canvas = this.viewer.get("canvas");
    const registry = this.viewer.get("elementRegistry");
    for (const [kind, name] of Object.entries(MARKS)) {
      const next = (trace[kind] ?? []).filter((id) => registry.get(id));
      for (const id of this.now[kind]) if (!next.includes(id)) canvas.removeMarker(id, name);
      for (const id of next) if (!this.now[kind].includes(id)) canvas.addMarker(id, name);
      this.now[kind] = next;
    }
    this.tokens();
  }

  /** A token on each open node: a shape, not only a colour. */
  tokens() {
    const overlays = this.viewer.get("overlays");
    const registry = this.viewer.get("elementRegistry");
    overlays.remove({ type: "token" });
    for (const id of this.now.open) {
      if (registry.get(id).children?.length) continue; // an open scope: its inner nodes show it
      const token = document.createElement("span");
      token.className = "token";
      token.title = this.words;
      overlays.add(id, "token", { position: { top: -9, right: 9 }, html: token });
    }
  }
}
