// The views of the page, in the order of its menu. A view is one file here, with its words:
// views/NAME.js exports show(ctx), words/NAME.json holds its texts, views/NAME.css its style.

export const VIEWS = [
  "now", "corridor", "lab", "why", "outcomes", "claims", "data", "skill", "model", "journeys", "asof",
];
