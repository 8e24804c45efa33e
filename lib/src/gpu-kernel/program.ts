/** A kernel's text for given shapes: one flat array for each argument, one thread for each result. */
import type { AnyNode, ForStatement } from "acorn";
import type { View } from "../engine/engine.js";
import { literal, program, split } from "../engine/gpu/source.js";
import { type Shape, shapeText } from "../tensor/shape.js";
import { statement } from "./statements.js";
import { GpuKernelError, type KernelSyntax } from "./syntax.js";
import { type Dual, Writer } from "./writer.js";

export type Constants = Readonly<Record<string, number>>;

/** What a kernel is compiled for. */
export interface Setting {
  readonly syntax: KernelSyntax;
  readonly constants: Constants;
  /** Of the arguments. */
  readonly views: readonly Pick<View, "shape" | "strides" | "offset">[];
  /** At most three axes: z, y, x. */
  readonly output: Shape;
}

const AXES = ["x", "y", "z"] as const;

/** Which axis of the output, or the loop's variable ("i"), each index of an element is; null for any other index. */
export type Pattern = readonly string[] | null;

/** What is asked of a kernel besides its value. */
export interface Question {
  /** More arrays, after the arguments. */
  readonly extra?: readonly string[];
  /** The tangent of an element, from where it lies and how it is found; null: 0. */
  tangent?(argument: number, place: string, pattern: Pattern): string | null;
  loop?(node: ForStatement, writer: Writer): boolean;
  result?(value: Dual): readonly string[];
  /** The extent of an axis more, the fastest: the loop's variable is its coordinate, by the name `li`. */
  readonly along?: number;
  /** The name of the loop's variable, for patterns. */
  readonly loopVariable?: string | undefined;
}

const RETURN_VALUE = ({ v }: Dual): readonly string[] => [`return ${v};`];

const at = ({ strides, offset }: Setting["views"][number], index: readonly string[]): string =>
  [literal(offset), ...index.map((text, axis) => `(${text}) * ${literal(strides[axis]!)}`)].join(" + ");

/** `this.thread.x` and the loop's variable are axes. */
function axisOf(node: AnyNode, loopVariable: string | undefined): string | null {
  if (node.type === "Identifier" && node.name === loopVariable) return "i";
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return null;
  const { object } = node;
  const isThread =
    object.type === "MemberExpression" &&
    object.object.type === "ThisExpression" &&
    object.property.type === "Identifier" &&
    object.property.name === "thread";
  return isThread ? node.property.name : null;
}

/** @throws GpuKernelError for indices that do not go with the shapes, and for what kernels cannot do */
export function kernelText(
  setting: Setting,
  question: Question = {},
  body?: (writer: Writer) => void,
): string {
  const { syntax, constants, views, output } = setting;
  const names = [...views.map((_, i) => `p${i}`), ...(question.extra ?? [])];
  const writer = new Writer(syntax, {
    element(parameter, index, path) {
      const argument = syntax.parameters.indexOf(parameter);
      const view = views[argument]!;
      if (index.length !== view.shape.length)
        throw new GpuKernelError(
          `${syntax.name}: "${parameter}" has ${view.shape.length} axes ${shapeText(view.shape)} and is read by ${index.length} indices. ` +
            `A number is read without an index.`,
        );
      const place = at(view, index);
      const axes = path.map((node) => axisOf(node, question.loopVariable));
      const pattern = axes.every((axis) => axis !== null) ? axes : null;
      return { v: `p${argument}[${place}]`, d: question.tangent?.(argument, place, pattern) ?? null };
    },
    property(group, name) {
      if (group === "constants") return name in constants ? literal(constants[name]!) : undefined;
      const axis = AXES.indexOf(name as "x");
      if (axis < 0 || (group !== "thread" && group !== "output")) return undefined;
      const extent = output.at(-1 - axis) ?? 1;
      if (group === "output") return String(extent);
      return axis < output.length ? `t${name}` : "0";
    },
    loop: (node, writer) => question.loop?.(node, writer) ?? false,
    result: question.result ?? RETURN_VALUE,
  });
  if (body) body(writer);
  else for (const node of syntax.body) statement(node, writer);
  return program(names, [...threads(output, question.along), ...writer.lines]);
}

/** The coordinates of a thread: tz, ty, tx, and li where there is one axis more; `row` is the number of the result. */
function threads(output: Shape, along: number | undefined): string[] {
  const lines = along === undefined ? ["const row = t;"] : split("t", along, "row", "li");
  let rest = "row";
  for (let axis = 0; axis < output.length; axis++) {
    const name = `t${AXES[axis]}`;
    if (axis === output.length - 1) lines.push(`const ${name} = ${rest};`);
    else {
      lines.push(...split(rest, output.at(-1 - axis)!, `q${axis}`, name));
      rest = `q${axis}`;
    }
  }
  return lines;
}
