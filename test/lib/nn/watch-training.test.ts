/** Watching a training run: what is seen of the model, what a reader can do meanwhile, and what is kept. */
import assert from "node:assert/strict";
import { OptionError, philox, randomNormal, tensor, type Tensor, UnknownOptionError } from "cotangent";
import { selfTransformer, type SelfTransformerOptions, watchTraining, type WatchOptions } from "cotangent/nn";
import { ATTENTION_MIME, decodeAttentionTrace } from "cotangent/trace";
import { leadingEigenvalues } from "../../../lib/src/numeric/arnoldi.js";
import { TrainingRecord } from "../../../lib/src/nn/training-record.js";

const DISPLAY = Symbol.for("Jupyter.display");
type Displayed = { [DISPLAY](): Record<string, unknown> };
const STEERING = Symbol.for("cotangent.steering");
type Proceed = (onWait?: () => void) => boolean;
const place = globalThis as { [STEERING]?: { proceed: Proceed } };
const steer = (proceed: Proceed) => (place[STEERING] = { proceed });

const words: SelfTransformerOptions = {
  input: { words: 3 }, length: 5, width: 8, classes: 2, pool: "none", attention: { heads: 2, tolerance: 1e-4 },
}; // prettier-ignore
const probe = tensor([[0, 2, 1, 1, 0]], { dtype: "int32" });

/** Parameters that move a little at every step, as in training. */
function run(options: WatchOptions = {}, steps = 6, model = selfTransformer(words), of: Tensor = probe) {
  const watch = watchTraining(model, of, options);
  let params = model.init(philox(1));
  let made = 0;
  for (let i = 0; i < steps; i++) {
    made++;
    if (!watch.step(params, { loss: 1 / (i + 1) })) break;
    const positions = params.positions.mul(1.2) as Tensor;
    params = { ...params, positions };
  }
  return { watch, made, params };
}
/** Keeps what would be on the screen, in order. */
function screen() {
  const values: unknown[] = [];
  const show = (value: unknown) => {
    values.push(value);
    return { update: (next: unknown) => values.push(next) };
  };
  return { values, show };
}

describe("watching a training run", () => {
  afterEach(() => delete place[STEERING]);

  it("keeps of every step the attention at the fixed point, the loss, the residual, the iterations and ρ", () => {
    const { trace } = run().watch.result();
    const { steps, series, spectralRadius, converged, iterations } = trace.training!;
    assert.deepEqual([...steps], [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(series.map(({ name }) => name), ["loss"]); // prettier-ignore
    assert.deepEqual([...series[0]!.values], [1, 2, 3, 4, 5, 6].map((n) => 1 / n)); // prettier-ignore
    assert.ok(converged.every((one) => one === 1) && iterations.every((count) => count > 0));
    assert.ok(trace.residuals.relative.every((residual) => residual <= 1e-4));
    assert.ok(
      spectralRadius!.every((rho) => rho > 0 && rho < 1),
      spectralRadius!.join(),
    );
    for (let r = 0; r < trace.frames.weights.length; r += 5)
      assert.ok(Math.abs(trace.frames.weights.subarray(r, r + 5).reduce((a, b) => a + b) - 1) < 1e-5);
    assert.deepEqual(trace.tokens, ["0", "2", "1", "1", "0"]);
  });

  it("sees what the model itself computes, with the parameters of that step", () => {
    const model = selfTransformer(words);
    const { watch, params: _ } = run({}, 1, model);
    const { trace } = watch.result();
    const look = model.look(model.init(philox(1)), probe);
    assert.deepEqual([...trace.frames.weights], look.attention.flatMap(({ data }) => [...data].map(Math.fround))); // prettier-ignore
    const dense = leadingEigenvalues(
      (v) => look.linearize(look.z)({ ...look.z, data: v }).data,
      look.z.data.length,
    )!;
    const rho = Math.hypot(dense.re[0]!, dense.im[0]!);
    assert.ok(Math.abs(trace.training!.spectralRadius![0]! - rho) < 0.02 * rho);
  });

  it("looks at patches, with and without a batch of one, and at labels of the reader's own", () => {
    const model = selfTransformer({ ...words, input: { features: 4 }, pool: "mean" });
    const patches = randomNormal(philox(2), [5, 4]) as Tensor;
    const { trace } = run({}, 2, model, patches).watch.result();
    assert.deepEqual(trace.tokens, [1, 2, 3, 4, 5].map((i) => `token ${i}`)); // prettier-ignore
    const alike = run({}, 2, model, patches.reshape([1, 5, 4]) as Tensor).watch.result();
    assert.deepEqual(alike.trace.frames, trace.frames);
    const tokens = ["<b>", "b", "c", "d", "e"];
    const named = run({ tokens, headNames: ["near", "far"] }, 1).watch.result();
    assert.deepEqual(named.trace.tokens, tokens);
    assert.ok(!named.svg().includes("<b>"));
    assert.match(named.svg(), /training step/);
  });

  it("looks at every n-th step only, and at the last", () => {
    const { trace, steps } = run({ every: 4 }, 7).watch.result();
    assert.deepEqual([...trace.training!.steps], [0, 4, 6]);
    assert.equal(steps, 7);
    assert.deepEqual(trace.omissions, [], "that was asked for");
  });

  it("does not tell the training's own listener of its solves", () => {
    let told = 0;
    const attention = { ...words.attention, onSolve: () => void told++ };
    run({}, 3, selfTransformer({ ...words, attention })).watch.result();
    assert.equal(told, 0);
  });

  it("goes on where a solve fails, and says which", () => {
    const attention = { ...words.attention, maxIterations: 2, tolerance: 1e-7 };
    const watched = run({}, 2, selfTransformer({ ...words, attention })).watch.result();
    assert.equal(watched.trace.outcome.reason, "maxIterations");
    assert.deepEqual([...watched.trace.training!.converged], [0, 0]);
    assert.match(watched.summary(), /2 of 2 solves did NOT converge, first at step 0/);
    assert.ok(watched.trace.training!.spectralRadius!.every((rho) => rho > 0), "at the fixed point that Anderson's method finds"); // prettier-ignore
  });

  it("is shown while it runs, as a trace that says so, and ends as the whole", () => {
    const { values, show } = screen();
    const { watch } = run({ live: show });
    const bundle = (values[0] as Displayed)[DISPLAY]();
    const trace = decodeAttentionTrace(bundle[ATTENTION_MIME]);
    assert.equal(trace.outcome.reason, "running");
    assert.match(String(bundle["text/plain"]), /^Attention in training: training, 1 step so far/);
    const result = watch.result();
    assert.equal(values.at(-1), result);
    assert.equal(watch.result(), result, "once is enough");
  });

  it("ends when the reader stops it, with the picture of that step", () => {
    let asked = 0;
    steer(() => ++asked < 3);
    const { values, show } = screen();
    const { watch, made } = run({ live: show });
    assert.equal(made, 3);
    assert.equal(asked, 3, "one question a step: looking at a step asks none");
    const result = watch.result();
    assert.equal(values.at(-1), result);
    assert.ok(result.stopped);
    assert.equal(result.trace.training!.steps.at(-1), 2);
    assert.match(result.summary(), /training was stopped after 3 steps/);
  });

  it("shows where it stands before it is made to wait, also at a step that it would not look at", () => {
    const { values, show } = screen();
    let asked = 0;
    steer((onWait) => {
      if (++asked === 3) onWait!();
      return true;
    });
    run({ live: show, every: 100 }, 3);
    const trace = decodeAttentionTrace((values.at(-1) as Displayed)[DISPLAY]()[ATTENTION_MIME]);
    assert.equal(trace.training!.steps.at(-1), 2);
    assert.equal(trace.outcome.reason, "running");
  });

  it("keeps fewer steps of a long run, evenly, and says so", () => {
    const model = selfTransformer(words);
    const look = model.look(model.init(philox(1)), probe);
    const record = new TrainingRecord(1, 8, 4 * look.attention[0]!.data.length * 2 * 5);
    for (let step = 0; step < 100; step++)
      if (record.wants(step)) record.add({ step, look, spectralRadius: NaN, numbers: new Map() });
    const { training, frames, omissions } = record.finish(1, false);
    assert.deepEqual([...training!.steps], [0, 16, 32, 48, 64, 80, 96]);
    assert.ok(frames.iterations.length <= 5);
    assert.equal(frames.iterations.at(-1), 6, "the last has its picture");
    assert.deepEqual(omissions.map(({ what }) => what), ["training steps", "pictures"]); // prettier-ignore
  });

  it("refuses what it cannot watch", () => {
    const model = selfTransformer(words);
    const params = model.init(philox(1));
    assert.throws(() => watchTraining(model, probe, { steps: 3 } as never), UnknownOptionError);
    assert.throws(() => watchTraining({} as never, probe), /model that can be looked at/);
    assert.throws(() => watchTraining(model, probe).result(), OptionError);
    assert.throws(() => watchTraining(model, probe, { tokens: ["a"] }).step(params), /tokens should be a list of 5/); // prettier-ignore
    const two = tensor([[0, 2, 1, 1, 0], [0, 1, 1, 1, 0]], { dtype: "int32" }); // prettier-ignore
    assert.throws(() => watchTraining(model, two).step(params), /look takes one input/);
    const nine = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`n${i}`, i]));
    assert.throws(() => watchTraining(model, probe).step(params, nine), /At most 8 numbers/);
  });
});
