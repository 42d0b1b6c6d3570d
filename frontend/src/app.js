// What every page does in a browser. Each part works alone; without any of it the pages still do.
import "./htmx.js";
import "htmx.org/dist/ext/hx-sse.js";
import { watchDrawings } from "./canvases.js";
import { watchKeys } from "./keys.js";
import { watchMentions } from "./mentions.js";
import { watchDrafts } from "./drafts.js";
import { watchForms } from "./forms.js";
import { foldOnPhones } from "./folds.js";

watchKeys();
watchDrafts();
watchForms();
watchMentions();
watchDrawings();
foldOnPhones();
