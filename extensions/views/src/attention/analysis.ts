/** What stands below the matrix: the residual of each token, the race of solvers, the eigenvalues in the unit disc. */
import { html } from "../common/dom.js";
import { textMeasure } from "../common/measure.js";
import type { Theme } from "../common/theme.js";
import { eigenvalueDisc } from "./disc.js";
import type { Layout } from "./layout.js";
import type { AttentionModel } from "./model.js";
import { solverRace } from "./race.js";
import { tokenStrip } from "./token-strip.js";

export interface Analysis {
  /** Under the residual strip, in its columns. */
  readonly tokens: HTMLElement;
  /** Race and disc; empty where the trace has neither. */
  readonly below: HTMLElement;
  /** @param right end of the plots */
  resize(layout: Layout, right: number, pixelRatio: number, theme: Theme): void;
  mark(at: number): void;
}

/** Room of the disc beside the race. */
const DISC = 232;
const GAP = 32;
const NARROWEST_RACE = 260;

export function analysis(
  { trace, labels, curve }: AttentionModel,
  onScrub: (iteration: number) => void,
  signal: AbortSignal,
): Analysis {
  const measure = textMeasure(() => strip.element);
  const strip = tokenStrip(trace, labels, measure, onScrub, signal);
  const race = solverRace(trace, curve);
  const disc = eigenvalueDisc(trace, signal);
  const panels = [race, disc].flatMap((panel) => (panel ? [panel.element] : []));
  const below = html("div", { class: "cot-analysis" }, ...panels);
  below.hidden = panels.length === 0;
  return {
    tokens: strip.element,
    below,
    resize({ gutter, total }, right, pixelRatio, theme) {
      strip.resize(gutter, right, pixelRatio, theme);
      const beside = disc ? total - DISC - GAP : total;
      race?.resize(beside >= NARROWEST_RACE ? beside : total);
    },
    mark(at) {
      strip.mark(at);
      race?.mark(at);
    },
  };
}
