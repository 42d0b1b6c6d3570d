// A decision table as its editor shows it: dmn-js opens the decision of the page, read only. The
// bpmn.io mark stays as it is.
import Viewer from "dmn-js/lib/NavigatedViewer";
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";

/** Show the table of an element that carries `data-drawing` and `data-decision`. */
export async function show(element) {
  const canvas = element.querySelector(".canvas");
  const answer = await fetch(element.dataset.drawing, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) return;
  const viewer = new Viewer({ container: canvas, drd: { drillDown: { enabled: false } } });
  try {
    await viewer.importXML(await answer.text(), { open: false });
    const view = viewer.getViews().find((one) => one.element.id === element.dataset.decision);
    await viewer.open(view);
  } catch {
    element.querySelector(".unread").textContent = element.dataset.none;
    canvas.hidden = true;
    return;
  }
  element.classList.add("is-shown");
  element.dataset.state = "shown";
}
