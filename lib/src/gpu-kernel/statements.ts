/** The statements that a kernel may have: a row for each kind of node. */
import type { AnyNode, ForStatement, Pattern } from "acorn";
import { combine } from "./arithmetic.js";
import { condition, expression } from "./expressions.js";
import { type Dual, type Handlers, type Writer, ZERO } from "./writer.js";

const statements: Handlers<void> = {
  VariableDeclaration(node, writer) {
    const isConst = node.kind === "const";
    for (const { id, init } of node.declarations) {
      if (id.type !== "Identifier") writer.fail(id, "a variable of a kernel is a name");
      const value = init ? expression(init, writer) : { v: ZERO, d: null };
      // What may be assigned later may become active later.
      const active = !isConst || value.d !== null;
      const { name } = writer.declare((id as { name: string }).name, active);
      // A literal would make an integer of it.
      const first = !isConst && /^-?\d+$/.test(value.v) ? `${value.v} + ${ZERO}` : value.v;
      const word = isConst ? "const" : "let";
      writer.lines.push(`${word} ${name} = ${first};`);
      if (active) writer.lines.push(`${word} ${name}_d = ${value.d ?? ZERO};`);
    }
  },
  ExpressionStatement: ({ expression: node }, writer) => statement(node, writer),
  AssignmentExpression({ left, right, operator }, writer) {
    const value =
      operator === "="
        ? expression(right, writer)
        : combine(
            writer,
            operator.slice(0, -1),
            expression(left as AnyNode, writer),
            expression(right, writer),
            right,
          );
    assign(left, value, writer);
  },
  UpdateExpression({ argument, operator }, writer) {
    const { v, d } = expression(argument, writer);
    assign(argument, { v: `${v} ${operator[0]} 1`, d }, writer);
  },
  ReturnStatement(node, writer) {
    if (!node.argument) writer.fail(node, "a kernel returns a number");
    writer.lines.push(...writer.around.result(expression(node.argument!, writer)));
  },
  IfStatement(node, writer) {
    writer.lines.push(`if (${condition(node.test, writer)}) {`);
    block([node.consequent], writer);
    if (node.alternate) {
      writer.lines.push("} else {");
      block([node.alternate], writer);
    }
    writer.lines.push("}");
  },
  BlockStatement: (node, writer) => block(node.body, writer),
  ForStatement(node, writer) {
    if (!writer.around.loop(node, writer)) loop(node, writer);
  },
  BreakStatement: (_node, writer) => void writer.lines.push("break;"),
  ContinueStatement: (_node, writer) => void writer.lines.push("continue;"),
  EmptyStatement: () => {},
};

function assign(left: Pattern | AnyNode, { v, d }: Dual, writer: Writer): void {
  const variable = left.type === "Identifier" ? writer.lookup(left.name) : undefined;
  if (!variable) return writer.fail(left, "a kernel assigns to its own variables");
  writer.lines.push(`${variable.name} = ${v};`);
  if (variable.active) writer.lines.push(`${variable.name}_d = ${d ?? ZERO};`);
}

export function statement(node: AnyNode, writer: Writer): void {
  const handler = statements[node.type] as ((node: AnyNode, writer: Writer) => void) | undefined;
  if (handler) handler(node, writer);
  else writer.fail(node, `a gpuKernel has no ${node.type}`);
}

function block(nodes: readonly AnyNode[], writer: Writer): void {
  writer.scoped(() => {
    for (const node of nodes) statement(node, writer);
  });
}

/** A loop over whole numbers, as it is written. */
export function loop(node: ForStatement, writer: Writer): void {
  const { variable, start, test, update } = loopParts(node, writer);
  writer.scoped(() => {
    const { name } = writer.declare(variable, false);
    const [from, until, step] = writer.inline(() => [
      expression(start, writer).v,
      condition(test, writer),
      stepText(update, name, writer),
    ]);
    writer.lines.push(`for (let ${name} = ${from}; ${until}; ${step}) {`);
    block([node.body], writer);
    writer.lines.push("}");
  });
}

export interface LoopParts {
  readonly variable: string;
  readonly start: AnyNode;
  readonly test: AnyNode;
  readonly update: AnyNode;
}

export function loopParts(node: ForStatement, writer: Writer): LoopParts {
  const { init, test, update } = node;
  const declared =
    init?.type === "VariableDeclaration" && init.declarations.length === 1 ? init.declarations[0] : undefined;
  if (declared?.id.type !== "Identifier" || !declared.init || !test || !update)
    return writer.fail(node, "a loop is written for (let i = 0; i < n; i++)");
  return { variable: declared.id.name, start: declared.init, test, update };
}

function stepText(node: AnyNode, name: string, writer: Writer): string {
  if (node.type === "UpdateExpression") return `${name}${node.operator}`;
  if (node.type === "AssignmentExpression" && (node.operator === "+=" || node.operator === "-="))
    return `${name} ${node.operator} ${expression(node.right, writer).v}`;
  return writer.fail(node, "a loop counts by i++ or i += n");
}
