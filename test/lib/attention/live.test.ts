/** A solve that is shown while it runs. */
import assert from "node:assert/strict";

import { OptionError, solveAttention } from "cotangent";
import { ATTENTION_MIME, decodeAttentionTrace } from "cotangent/trace";
import { LivePlace } from "../../../lib/src/display/live.js";
import { toyProblem } from "./live-problem.js";

const DISPLAY = Symbol.for("Jupyter.display");
type Displayed = { [DISPLAY](): Record<string, unknown> };

/** Keeps what would be on the screen, in order. */
function screen() {
  const values: unknown[] = [];
  const show = (value: unknown) => {
    values.push(value);
    return { update: (next: unknown) => values.push(next) };
  };
  return { values, show };
}

describe("a solve that is shown while it runs", () => {
  it("is a trace that can be read, says that it runs, and ends as the whole result", () => {
    const { values, show } = screen();
    const seen: number[] = [];
    const solved = solveAttention({
      ...toyProblem(),
      live: show,
      observe: ({ iteration }) => seen.push(iteration),
    });
    assert.equal(values.at(-1), solved, "the last is the result itself");
    const bundle = (values[0] as Displayed)[DISPLAY]();
    const trace = decodeAttentionTrace(bundle[ATTENTION_MIME]);
    assert.equal(trace.outcome.reason, "running");
    assert.equal(trace.outcome.converged, false);
    assert.equal(trace.outcome.iterations, 1, "the first picture comes with the first iteration");
    assert.match(String(bundle["text/plain"]), /is RUNNING, 1 iteration so far/);
    assert.equal(seen.length, solved.iterations, "who observes sees every iteration all the same");
  });

  it("is the same solve as one that is not shown", () => {
    const quiet = solveAttention(toyProblem());
    const shown = solveAttention({ ...toyProblem(), live: screen().show });
    assert.deepEqual(shown.z, quiet.z);
    assert.deepEqual(shown.trace.residuals, quiet.trace.residuals);
  });

  it("is drawn at most ten times a second, by a clock of its own", () => {
    let now = 0;
    const { values, show } = screen();
    const place = new LivePlace(show, () => now);
    for (now = 0; now < 1000; now += 10) if (place.isDue) place.put(now);
    assert.deepEqual(values, [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  });

  it("refuses what cannot show anything", () => {
    assert.throws(() => solveAttention({ ...toyProblem(), live: true as never }), OptionError);
  });
});
