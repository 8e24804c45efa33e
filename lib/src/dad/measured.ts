/** Curves beside a run, such as the accuracy on a test set. */
import { checkCount, checkOptionNames } from "../options.js";
import type { RanksMeasure } from "../trace/index.js";

export interface MeasureOptions<P> {
  /** Measure after every so many steps (1), and after the last. */
  readonly every?: number;
  /** For example (params) => ({ "test accuracy": … }). Without sharing, the mean over the sites is recorded. */
  readonly of: (params: P) => Readonly<Record<string, number>>;
}

export class Measured<P> {
  readonly #options: Required<MeasureOptions<P>> | null;
  readonly #curves = new Map<string, { steps: number[]; values: number[] }>();

  constructor(options: MeasureOptions<P> | undefined) {
    if (options === undefined) {
      this.#options = null;
      return;
    }
    checkOptionNames(options, ["every", "of"], "measure");
    const every = checkCount(options.every ?? 1, "every", 1, Number.MAX_SAFE_INTEGER);
    this.#options = { every, of: options.of };
  }

  /** Whether anything is measured after this step. */
  wants(step: number, steps: number): boolean {
    if (this.#options === null) return false;
    return (step + 1) % this.#options.every === 0 || step === steps - 1;
  }

  /** @param holders parameters that are measured; the mean counts */
  after(step: number, steps: number, holders: readonly P[]): void {
    if (this.#options === null || !this.wants(step, steps)) return;
    const { of } = this.#options;
    const all = holders.map(of);
    for (const name of Object.keys(all[0]!)) {
      const curve = this.#curves.get(name) ?? { steps: [], values: [] };
      curve.steps.push(step);
      curve.values.push(all.reduce((sum, each) => sum + each[name]!, 0) / all.length);
      this.#curves.set(name, curve);
    }
  }

  curves(): RanksMeasure[] {
    return [...this.#curves].map(([name, { steps, values }]) => ({
      name,
      steps: Int32Array.from(steps),
      values: Float64Array.from(values),
    }));
  }
}
