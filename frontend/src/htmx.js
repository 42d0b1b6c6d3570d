// htmx with its live-stream extension; the extension looks for it on the window.
import htmx from "htmx.org/dist/htmx.esm.js";

window.htmx = htmx;

export default htmx;
