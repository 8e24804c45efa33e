/** A kernel as its user wrote it: read from the function's text. */
import type { AnyNode, ArrowFunctionExpression, FunctionExpression } from "acorn";

/** A kernel that cannot be read, run, or differentiated; the message shows the place. */
export class GpuKernelError extends Error {
  override readonly name = "GpuKernelError";
}

export interface KernelSyntax {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: readonly AnyNode[];
  readonly text: string;
}

/** @throws GpuKernelError for what is no function, or has parameters that are more than names */
export async function readKernel(source: string | ((...args: never[]) => unknown)): Promise<KernelSyntax> {
  // Only programs with kernels of their own need a parser.
  const { parseExpressionAt } = await import("acorn");
  const text = typeof source === "string" ? source : Function.prototype.toString.call(source);
  // A method is written without the word "function".
  const candidates = [`(${text})`, `(function ${text})`];
  let failure: unknown;
  for (const candidate of candidates) {
    let node: AnyNode;
    try {
      node = parseExpressionAt(candidate, 0, { ecmaVersion: 2022 });
    } catch (error) {
      failure ??= error;
      continue;
    }
    if (node.type === "ParenthesizedExpression") node = node.expression;
    if (node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression")
      return syntax(node, candidate);
  }
  throw new GpuKernelError(`A gpuKernel is a function, or its text; this is not one: ${excerpt(text)}.`, {
    cause: failure,
  });
}

function syntax(node: FunctionExpression | ArrowFunctionExpression, text: string): KernelSyntax {
  const parameters = node.params.map((parameter) => {
    if (parameter.type === "Identifier") return parameter.name;
    throw new GpuKernelError(
      `The parameters of a gpuKernel are names; one of them is ${excerpt(text.slice(parameter.start, parameter.end))}.`,
    );
  });
  const body: readonly AnyNode[] =
    node.body.type === "BlockStatement"
      ? node.body.body
      : [{ type: "ReturnStatement", argument: node.body, start: node.body.start, end: node.body.end }];
  const name = node.type === "FunctionExpression" ? node.id?.name : undefined;
  return { name: name ?? "gpuKernel", parameters, body, text };
}

export const excerpt = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};
