/** Take pictures of the ranks view in many situations, to be looked at: `npx tsx test/extensions/harness/shoot-ranks.ts`. */
import type { RanksTrace } from "cotangent/trace";
import type { Page } from "playwright-core";
import { encodeRanks, ranksDrawn, renderRanks } from "../../support/ranks-page.js";
import { ranksTrace } from "../../support/ranks-trace.js";
import { type Situation, takePictures } from "./pictures.js";

interface Picture extends Situation {
  readonly trace: RanksTrace;
}

const seek = (step: number) => (page: Page) => page.evaluate((k) => window.ranks.view?.showStep(k), step);

const others = [
  ["dSGD", 2.2, 0.975],
  ["dAD", 2.6, 0.975],
  ["rank-dAD, θ 0.3", 0.4, 0.95],
].map(([name, factor, best]) => {
  const own = ranksTrace();
  const { steps, values } = own.measures[0]!;
  const up = Float64Array.from(steps, (step) => (Number(factor) * 554_000 * (step + 1)) / 60);
  return {
    name: String(name),
    measure: "accuracy",
    steps,
    up,
    down: up,
    values: values.map((value) => (value * Number(best)) / 0.97),
  };
});

const pictures: Record<string, Picture> = {
  light: { trace: ranksTrace(), act: seek(25) },
  dark: { trace: ranksTrace(), dark: true, act: seek(25) },
  compared: { trace: { ...ranksTrace(), others } },
  "one-step": { trace: ranksTrace({ steps: 1 }) },
  "no-ranks": { trace: { ...ranksTrace({ singularValues: 0 }), measures: [] }, act: seek(30) },
  strange: {
    trace: {
      ...ranksTrace({
        names: ["<b>bold</b> $x^2$ %{y} &lt;", "a very long name of a layer that nobody would choose"],
        sites: ["<img src=x onerror=alert(1)>", "x\u202eevil"],
      }),
      failures: [{ site: 1, step: 20, message: "the <i>line</i> went dead" }],
      status: "stopped",
    },
  },
  deep: {
    trace: ranksTrace({
      widths: Array.from({ length: 20 }, (_, l) => [200 - 8 * l, 192 - 8 * l]),
      sites: 12,
      rows: 64,
      singularValues: 32,
    }),
    dark: true,
  },
  "ceilings-far": {
    trace: ranksTrace({
      rows: 1024,
      widths: [
        [784, 512],
        [512, 256],
        [256, 10],
      ],
    }),
  },
  "narrow-360": { trace: ranksTrace(), width: 360 },
};

const draw = (page: Page, { trace }: Picture) => renderRanks(page, encodeRanks(trace));
await takePictures({ view: "ranks", width: 1120, draw, drawn: ranksDrawn }, pictures);
