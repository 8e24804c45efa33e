/** What a progress bar says at a moment of its loop. */
import assert from "node:assert/strict";

import { type Moment, progressBundle } from "../../../kernel/src/node/host/rich/progress.js";

const at = (moment: Partial<Moment>): string =>
  progressBundle({ label: "fit", count: 5, total: 20, seconds: 2, state: "running", ...moment })[
    "text/plain"
  ]!;

describe("a progress bar", () => {
  it("says the place, the rate and the time that remains", () => {
    assert.equal(at({}), "fit ██████░░░░░░░░░░░░░░░░░░ 5 of 20 · 2.5 a second · 6.0 s left");
    assert.equal(
      at({ seconds: 500 }),
      "fit ██████░░░░░░░░░░░░░░░░░░ 5 of 20 · 1 min 40 s each · 25 min 0 s left",
    );
    assert.equal(at({ count: 0, seconds: 0 }), "fit ░░░░░░░░░░░░░░░░░░░░░░░░ 0 of 20");
  });

  it("says how it ended", () => {
    assert.equal(at({ count: 20, state: "done" }), "fit ████████████████████████ 20 of 20 in 2.0 s");
    assert.equal(at({ state: "stopped" }), "fit ██████░░░░░░░░░░░░░░░░░░ stopped at 5 of 20 · 2.5 a second");
  });

  it("counts where the end is not known", () => {
    assert.equal(at({ total: null, label: "" }), "5 · 2.5 a second");
  });

  it("takes no label for markup", () => {
    const { "text/html": html } = progressBundle({
      label: "<b>",
      count: 1,
      total: 2,
      seconds: 1,
      state: "running",
    });
    assert.equal(
      html,
      '<div>&#60;b&#62; <progress value="1" max="2"></progress> 1 of 2 · 1.0 a second · 1.0 s left</div>',
    );
  });
});
