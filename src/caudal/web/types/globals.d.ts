// What the vendored scripts put into every page (web/vendor): for `npm run types`, never loaded.
// `var`, for only that makes them members of globalThis as well.

import * as D3 from "d3";
import * as ObservablePlot from "@observablehq/plot";

/** Only the names are held to: Plot's own types want arrays of marks spelt out at every push. */
type Named<T> = { [K in keyof T]: any };

declare global {
  var d3: typeof D3;
  var Plot: Named<typeof ObservablePlot>;
}
