/** Gathering by index, adding back, and placing into zeros. A kernel cannot scatter, so each result looks for what comes to it. */
import type { Part, Storage, View } from "../../engine.js";
import { sizeOf } from "../../reference/kernels/elements.js";
import { loops } from "../loops.js";
import type { Runner } from "../runner.js";
import { literal, places, program, split } from "../source.js";

/** Beyond it the reference engine, which scatters, is faster than looking. */
const MANY = 4096;

const row = ({ shape, strides }: View, from: number) => ({
  shape: shape.slice(from),
  strides: strides.slice(from),
  offset: 0,
});

export const gatherWith =
  (run: Runner) =>
  (table: View, index: View): Storage | null => {
    const inner = row(table, 1);
    const width = sizeOf(inner.shape);
    if (width === 0) return null;
    return run([table, index], [...index.shape, ...inner.shape], () => {
      const which = places("n", index.shape, [index], "a");
      const within = places("j", inner.shape, [inner], "b");
      return program(["xs", "is"], [
        ...split("t", width, "n", "j"),
        ...which.lines,
        ...within.lines,
        `const at = is[${which.at[0]}];`,
        `return xs[${literal(table.offset)} + at * ${literal(table.strides[0]!)} + ${within.at[0]}];`,
      ]); // prettier-ignore
    }, "float32"); // prettier-ignore
  };

export const scatterAddWith =
  (run: Runner) =>
  (index: View, updates: View, rows: number): Storage | null => {
    const from = index.shape.length;
    const inner = row(updates, from);
    const width = sizeOf(inner.shape);
    if (width === 0 || sizeOf(index.shape) > MANY) return null;
    const outer = { shape: index.shape, strides: updates.strides.slice(0, from) };
    return run([index, updates], [rows, ...inner.shape], () => {
      const within = places("j", inner.shape, [inner], "b");
      return program(["is", "xs"], [
        ...split("t", width, "r", "j"),
        ...within.lines,
        `const base = ${literal(updates.offset)} + ${within.at[0]};`,
        "let sum = 0.5 - 0.5;",
        ...loops(index.shape, [index, outer], [literal(index.offset), "base"], ([at, x]) => [
          `if (is[${at}] == r) { sum = sum + xs[${x}]; }`,
        ]),
        "return sum;",
      ]); // prettier-ignore
    }, "float32"); // prettier-ignore
  };

interface Axis {
  readonly extent: number;
  readonly step: number;
  readonly stride: number;
}

/** A part's window, so that a place can be decoded: axes that stand still, and others by falling stride; null where they overlap. */
function decodable({
  x,
  strides,
  offset,
}: Part): { first: number; from: number; still: Axis[]; falling: Axis[] } | null {
  let [first, from] = [offset, x.offset];
  const still: Axis[] = [];
  const falling: Axis[] = [];
  for (const [axis, extent] of x.shape.entries()) {
    if (extent === 1) continue;
    let [step, stride] = [x.strides[axis]!, strides[axis]!];
    if (stride < 0) {
      first += (extent - 1) * stride;
      from += (extent - 1) * step;
      [step, stride] = [-step, -stride];
    }
    (stride === 0 ? still : falling).push({ extent, step, stride });
  }
  falling.sort((a, b) => b.stride - a.stride);
  let reach = 0;
  for (const { extent, stride } of [...falling].reverse()) {
    if (stride <= reach) return null;
    reach += (extent - 1) * stride;
  }
  return { first, from, still, falling };
}

export const placeWith =
  (run: Runner) =>
  (parts: readonly Part[], size: number): Storage | null => {
    const windows = parts.map(decodable);
    if (
      parts.length > 8 ||
      parts.some(({ x }) => sizeOf(x.shape) === 0) ||
      !windows.every((window) => window !== null)
    )
      return null;
    return run(parts.map(({ x }) => x), [size], () => program(
      parts.map((_, p) => `xs${p}`),
      [
        "let sum = 0.5 - 0.5;",
        ...windows.flatMap((window, p) => partLines(window, p)),
        "return sum;",
      ],
    )); // prettier-ignore
  };

function partLines(
  { first, from, still, falling }: NonNullable<ReturnType<typeof decodable>>,
  p: number,
): string[] {
  const [rest, hit, base] = [`rest${p}`, `hit${p}`, `base${p}`];
  const lines = [
    `let ${rest} = t - ${first};`,
    `let ${hit} = 1.5 - 0.5;`,
    `let ${base} = ${literal(from)} + 0.5 - 0.5;`,
    `if (${rest} < 0) { ${hit} = 0; ${rest} = 0; }`,
  ];
  falling.forEach(({ extent, step, stride }, axis) => {
    const [q, r] = [`q${p}_${axis}`, `r${p}_${axis}`];
    lines.push(
      ...split(rest, stride, q, r),
      `if (${q} >= ${extent}) { ${hit} = 0; }`,
      `${base} = ${base} + ${q} * ${literal(step)};`,
      `${rest} = ${r};`,
    );
  });
  lines.push(`if (${rest} > 0.5) { ${hit} = 0; }`, `if (${hit} > 0.5) {`);
  const axes = { shape: still.map(({ extent }) => extent), strides: still.map(({ step }) => step) };
  lines.push(...loops(axes.shape, [axes], [base], ([at]) => [`sum = sum + xs${p}[${at}];`], `l${p}_`), "}");
  return lines;
}
