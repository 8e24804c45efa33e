/** Take pictures of the attention view in many situations, to be looked at: `npx tsx test/extensions/harness/shoot.ts`. */
import { raceAttention, solveAttention } from "cotangent";
import { type AttentionTrace, liveAttentionTrace } from "cotangent/trace";
import type { Page } from "playwright-core";
import { attentionTrace, editWeights, inTraining, thinned } from "../../support/attention-trace.js";
import { toy } from "../../lib/attention/toy.js";
import { encode, nextFrame, render } from "../../support/views-page.js";
import { type Situation, takePictures } from "./pictures.js";

interface Picture extends Situation {
  readonly data: unknown;
  readonly fallback?: string;
}

const hover = (x: number, y: number) => (page: Page) =>
  page.locator(".cot-matrix").hover({ position: { x, y } });
const seek = (iteration: number) => (page: Page) =>
  page.evaluate((k) => window.rendered.view?.showIteration(k), iteration);

const of = (trace: AttentionTrace) => encode(trace);
const sixteen = attentionTrace({ tokens: 16, heads: 4, maxIterations: 60 });
const large = attentionTrace({ tokens: 128, heads: 8, maxIterations: 60, gain: 1.4 });
const wild = attentionTrace({ tokens: 12, heads: 2, gain: 5, maxIterations: 64, seed: 3 });
const broken = editWeights(attentionTrace({ tokens: 10, heads: 2 }), (f, _h, q, k, w) =>
  f > 2 && (q === 4 || (q === 7 && k < 3)) ? NaN : w,
);
const cycle = { ...toy(5, 2, 4), norm: "frobenius", mode: "absolute", tolerance: 1e-10, maxIterations: 120 } as const; // prettier-ignore
const raced = raceAttention(cycle, [
  { damping: 1 },
  { damping: 0.7 },
  { damping: 0.5 },
  { damping: 0.3 },
  { solver: "anderson" },
]).trace;
const trained = inTraining(attentionTrace({ tokens: 12, heads: 4, maxIterations: 60, tolerance: 1e-12 }));
const strange = attentionTrace({
  tokens: [
    "<img src=x onerror=alert(1)>",
    "",
    " the",
    "שלום עולם",
    "internationalisation-of-everything",
    "\n",
    "x\u202eevil",
    "日本語",
  ],
});

const pictures: Record<string, Picture> = {
  "6-light": { data: of(attentionTrace({ tokens: 6 })), act: hover(120, 60) },
  "6-dark": { data: of(attentionTrace({ tokens: 6 })), dark: true },
  "16x4-light": {
    data: of(sixteen),
    act: async (page) => [await seek(5)(page), await hover(300, 120)(page)],
  },
  "16x4-dark": {
    data: of(sixteen),
    dark: true,
    act: async (page) => [await seek(3)(page), await hover(300, 120)(page)],
  },
  "128x8-light": { data: of(large), act: hover(200, 160) },
  "128x8-dark": { data: of(large), dark: true, width: 1400 },
  "not-converged": { data: of(wild) },
  "nan-light": { data: of(broken), act: async (page) => [await seek(6)(page), await hover(220, 200)(page)] },
  "nan-dark": { data: of(broken), dark: true },
  "nan-everywhere": { data: of(editWeights(sixteen, () => NaN)) },
  "narrow-360": { data: of(sixteen), width: 360 },
  "narrow-360-dark": { data: of(attentionTrace({ tokens: 6 })), width: 360, dark: true },
  "narrow-320-128": { data: of(large), width: 320 },
  thinned: { data: of(thinned(sixteen, [0, 1, 2, 4, 8, sixteen.outcome.iterations - 1])) },
  "one-token": { data: of(attentionTrace({ tokens: 1, maxIterations: 1 })) },
  "two-tokens": { data: of(attentionTrace({ tokens: 2 })) },
  "strange-labels": { data: of(strange), act: hover(100, 30) },
  "heads-64": { data: of(attentionTrace({ tokens: 24, heads: 64, maxIterations: 8 })) },
  "tokens-512": { data: of(attentionTrace({ tokens: 512, heads: 1, maxIterations: 3 })), width: 1000 },
  "race-light": { data: of(raced) },
  "race-dark": { data: of(raced), dark: true },
  "race-narrow": { data: of(raced), width: 400 },
  "frozen-light": {
    data: of(solveAttention({ ...toy(11, 1.5, 4), freeze: true, damping: 0.7 }).trace),
    act: seek(5),
  },
  "frozen-dark": {
    data: of(solveAttention({ ...toy(777, 1, 2), freeze: true, exitFraction: 0.8 }).trace),
    dark: true,
  },
  collapsed: { data: of(solveAttention({ ...toy(777, 1, 1), inject: false }).trace) },
  "training-light": {
    data: of(trained),
    act: (page) =>
      page
        .locator(".cot-series")
        .first()
        .hover({ position: { x: 300, y: 50 } }),
  },
  "training-dark": { data: of(trained), dark: true },
  "training-narrow": { data: of(trained), width: 400 },
  "grouped-light": {
    data: of(
      liveAttentionTrace(
        { ...large, outcome: { ...large.outcome, converged: false, reason: "running" } },
        64 * 1024,
      ),
    ),
  },
  "message-light": {
    data: { kind: "attention" },
    fallback: "fixed-point attention: 16 tokens, 4 heads, converged in 23 iterations",
  },
  "message-dark": { data: { ...(of(sixteen) as object), version: "2.0" }, dark: true },
};

const draw = (page: Page, { data, fallback }: Picture) =>
  render(page, data, { ...(fallback && { fallback }) });
await takePictures({ view: "attention", width: 920, draw, drawn: nextFrame }, pictures);
