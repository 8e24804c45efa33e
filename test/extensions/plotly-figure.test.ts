/** What is made of a figure before Plotly sees it. */
import assert from "node:assert/strict";

import { quietConfig, readFigure, themedLayout } from "../../extensions/labextension/src/plotly/figure.js";

const colours = { text: "black", faint: "silver", font: "sans-serif" };

describe("a figure for Plotly", () => {
  it("is read with what it leaves out", () => {
    assert.deepEqual(readFigure({ data: [{}] }), { data: [{}], layout: {}, config: {}, frames: [] });
  });

  it("that cannot be one is a sentence", () => {
    for (const wrong of [null, 5, "x", [], {}, { data: 5 }, { data: [5] }, { data: [null] }])
      assert.match(String(readFigure(wrong)), /^This Plotly figure .*\.$/);
  });

  it("keeps its own layout before the page's", () => {
    const layout = themedLayout({ height: 100, font: { color: "red" }, width: 50 }, colours) as Record<
      string,
      unknown
    >;
    assert.deepEqual([layout["height"], layout["font"], layout["autosize"]], [100, { color: "red" }, false]);
  });

  it("sends nobody to another site", () => {
    const config = quietConfig({ showSendToCloud: true, scrollZoom: true }) as Record<string, unknown>;
    assert.deepEqual([config["showSendToCloud"], config["scrollZoom"]], [false, true]);
  });
});
