/** What checkGrad found, and how it prints. */

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Relative to 1 + |derivative|, the largest over the directions. */
  readonly error: number;
}

export interface GradReport {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** The first operation, in the order of evaluation, whose own derivative disagrees with a difference of it. */
  readonly culprit: string | null;
  /** Places where the function is not smooth, so near that a difference may have crossed them. */
  readonly kinks: readonly string[];
  /** What is no finite number, and where: f at x, or at a step that a difference took. */
  readonly nonFinite: string | null;
  /** A step of a difference that met what is no finite number, and where, so that smaller ones were taken; null where none did. */
  readonly shortened: string | null;
  /** Why no complex step was taken: the first operation that is not analytic, or "tensors"; null where one was taken. */
  readonly complexStep: string | null;
  toString(): string;
}

export function reportOf(found: Omit<GradReport, "toString">): GradReport {
  const { checks, culprit, kinks, nonFinite, shortened, complexStep } = found;
  const lines = [
    ...checks.map(
      ({ name, ok, error }) => `${ok ? "✓" : "✗"} ${name.padEnd(40)} error ${error.toExponential(1)}`,
    ),
    ...(complexStep === null ? [] : [`· no complex step: ${complexStep}`]),
    ...(shortened === null ? [] : [`· smaller steps were taken, because ${shortened}`]),
    ...(nonFinite === null ? [] : [`✗ ${nonFinite}`]),
    ...(culprit === null ? [] : [`The first operation that disagrees: ${culprit}.`]),
    ...kinks.map((kink) => `Not smooth nearby: ${kink}.`),
  ];
  return { ...found, toString: () => lines.join("\n") };
}
