/**
 * Expressions of an unboxed body: values in straight-line code, the chain rule applied where it is printed, and one node for all
 * the operations of an expression.
 * @see Hogan (2014), statement-level Jacobian tapes
 */
import { type ScalarOpName, scalarRules } from "../../rules/scalar-rules.js";
import { isPlain } from "../context.js";
import type { Doc } from "../doc.js";
import { nameInMath } from "../rules/members.js";
import { type AnyNode, bare, type Of } from "../tree.js";
import type { Emitter, Operand } from "./emitter.js";
import { COMPARISONS, isWithWord } from "./numeric-variables.js";

/** A value in the text, and how it depends on what was recorded before. */
interface Term {
  readonly value: string;
  /** Null for what is known to depend on nothing. */
  readonly from: Operation | Operand | null;
}

interface Operation {
  readonly name: ScalarOpName;
  readonly value: string;
  readonly args: readonly Term[];
}

const BINARY: Readonly<Record<string, ScalarOpName>> = {
  "+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod", "**": "pow",
}; // prettier-ignore

const isOperation = (from: Term["from"]): from is Operation => from !== null && "name" in from;

const filled = (text: string, a: string, b: string | undefined, y: string): string =>
  text.replace(/\b[aby]\b/g, (name) => (name === "a" ? a : name === "b" ? b! : y));

function operation(emit: Emitter, name: ScalarOpName, args: readonly Term[]): Term {
  const value = emit.fresh("v");
  const [a, b] = args.map((arg) => arg.value);
  emit.write(`const ${value} = ${filled(scalarRules[name].value, a!, b, value)};`);
  return { value, from: args.every(({ from }) => from === null) ? null : { name, value, args } };
}

const ofOperand = (operand: Operand): Term => ({
  value: operand.value,
  from: operand.id === null ? null : operand,
});

function term(given: AnyNode, emit: Emitter): Term {
  const node = bare(given);
  if (node.type === "Literal" && typeof node.value === "number")
    return { value: String(node.raw), from: null };
  if (isPlain(emit.cx, node) && emit.isInert(node)) return ofOperand(emit.leaf(node));
  if (node.type === "BinaryExpression") {
    const name = BINARY[node.operator];
    if (name === undefined) return emit.fail();
    return operation(emit, name, [term(node.left as AnyNode, emit), term(node.right, emit)]);
  }
  if (node.type === "UnaryExpression") {
    if (node.operator === "-") return operation(emit, "neg", [term(node.argument, emit)]);
    return node.operator === "+" ? term(node.argument, emit) : emit.fail();
  }
  if (node.type === "CallExpression") {
    const name = nameInMath(node.callee, emit.cx) as ScalarOpName | null;
    if (name === null || !(name in scalarRules) || node.optional) return emit.fail();
    if (scalarRules[name].partials.length !== node.arguments.length) return emit.fail();
    return operation(
      emit,
      name,
      node.arguments.map((arg) => term(arg, emit)),
    );
  }
  if (node.type === "ConditionalExpression") return ofOperand(choice(node, emit));
  return ofOperand(emit.leaf(node));
}

/** One of two, of which only the one that is chosen is computed. */
function choice({ test, consequent, alternate }: Of<"ConditionalExpression">, emit: Emitter): Operand {
  const [value, id] = [emit.fresh("c"), emit.fresh("i")];
  emit.write(`let ${value} = 0, ${id} = -1;`);
  const arm = (node: AnyNode): Doc => [
    "{ ",
    emit.apart(() => assign({ value, id }, number(node, emit), emit)),
    "} ",
  ];
  emit.write("if (", condition(test, emit, true), ") ", arm(consequent), "else ", arm(alternate));
  return { value, id };
}

export function assign(
  to: { readonly value: string; readonly id: string },
  { value, id }: Operand,
  emit: Emitter,
): void {
  emit.write(`${to.value} = ${value}; ${to.id} = ${id ?? "-1"};`);
}

/** The weights of what an expression depends on: by operand, sums of products of partials. */
function weights(
  root: Operation,
  emit: Emitter,
): { readonly lines: string[]; readonly of: Map<string, string[]> } {
  const lines: string[] = [];
  const of = new Map<string, string[]>();
  const visit = ({ name, value, args }: Operation, adjoint: string): void =>
    args.forEach(({ from }, i) => {
      if (from === null) return;
      const [a, b] = args.map((arg) => arg.value);
      const along = product(adjoint, filled(scalarRules[name].partials[i]!, a!, b, value));
      if (!isOperation(from)) return void of.set(from.id!, [...(of.get(from.id!) ?? []), along]);
      const own = emit.fresh("g");
      lines.push(`const ${own} = ${along};`);
      visit(from, own);
    });
  visit(root, "1");
  return { lines, of };
}

function product(adjoint: string, partial: string): string {
  if (partial === "1") return adjoint;
  const factor = /^[\w.$]+$/.test(partial) ? partial : `(${partial})`;
  if (adjoint === "1") return factor;
  return partial === "-1" ? `-${adjoint}` : `${adjoint} * ${factor}`;
}

/** One node for an expression: [value, node]. */
function statement({ value, from }: Term, emit: Emitter): Operand {
  if (from === null) return { value, id: null };
  if (!isOperation(from)) return from;
  const n = (what: string) => emit.name(what);
  const { lines, of } = weights(from, emit);
  const ids = [...of.keys()];
  const id = emit.fresh("i");
  const [A, W, N, K] = [n("A"), n("W"), n("n"), n("k")];
  const begin = emit.fresh("b");
  const store = ids.map((arg) => {
    const write = `${A}[${N}] = ${arg}; ${W}[${N}++] = ${of.get(arg)!.join(" + ")};`;
    return ids.length === 1 ? write : `if (${arg} >= 0) { ${write} }`;
  });
  emit.write(
    `let ${id} = -1; if (${ids.length === 1 ? ids[0] : `(${ids.join(" & ")})`} >= 0) { ${lines.join(" ")} `,
    `if (${K} === ${n("C")} || ${N} + ${ids.length} > ${n("D")}) { ${n("t")}.room(${K}, ${N} + ${ids.length}); ${columns(emit)} } `,
    `const ${begin} = ${N}; ${store.join(" ")} `,
    `${n("O")}[${K}] = ${n("S")}; ${n("F")}[${K}] = ${begin}; ${n("G")}[${K}] = ${N}; ${id} = ${K}++; }`,
  );
  return { value, id };
}

/** The columns of the tape as variables, which change where it grows. */
export function columns(emit: Emitter): string {
  const t = emit.name("t");
  const of = { A: "args", W: "weights", O: "ops", F: "left", G: "right" };
  return (
    Object.entries(of)
      .map(([short, column]) => `${emit.name(short)} = ${t}.${column};`)
      .join(" ") +
    ` ${emit.name("C")} = ${emit.name("O")}.length; ${emit.name("D")} = ${emit.name("A")}.length;`
  );
}

/** An expression whose value is a number. */
export const number = (node: AnyNode, emit: Emitter): Operand => statement(term(node, emit), emit);

/** `target op= right`. */
export function combined(operator: string, target: Operand, right: AnyNode, emit: Emitter): Operand {
  const name = BINARY[operator];
  if (name === undefined) return emit.fail();
  return statement(operation(emit, name, [ofOperand(target), term(right, emit)]), emit);
}

/**
 * The values alone: a comparison has no derivative.
 * @param mayWrite whether statements may stand before it; not in the head of a loop, nor where it may not be evaluated
 */
export function condition(given: AnyNode, emit: Emitter, mayWrite: boolean): Doc {
  const node = bare(given);
  if (isPlain(emit.cx, node) && emit.isInert(node)) return ["(", emit.raw(node), ")"];
  if (node.type === "BinaryExpression" && COMPARISONS.has(node.operator) && isWithWord(node))
    return [emit.raw(node.left as AnyNode), ` ${node.operator} `, emit.raw(node.right)];
  if (node.type === "BinaryExpression" && COMPARISONS.has(node.operator)) {
    const [left, right] = [value(node.left as AnyNode, emit, mayWrite), value(node.right, emit, mayWrite)];
    return [left, ` ${node.operator} `, right];
  }
  if (node.type === "LogicalExpression" && node.operator !== "??")
    return [
      "(",
      condition(node.left, emit, mayWrite),
      ` ${node.operator} `,
      condition(node.right, emit, false),
      ")",
    ];
  if (node.type === "UnaryExpression" && node.operator === "!")
    return ["!(", condition(node.argument, emit, mayWrite), ")"];
  return value(node, emit, mayWrite);
}

/** A value that nothing depends on. */
function value(given: AnyNode, emit: Emitter, mayWrite: boolean): Doc {
  const node = bare(given);
  if (node.type === "Literal" && typeof node.value === "number") return String(node.raw);
  const variable = emit.variable(node);
  if (variable) return variable.value;
  if (isPlain(emit.cx, node) && emit.isInert(node)) return ["(", emit.raw(node), ")"];
  if (mayWrite) return term(node, emit).value;
  // What a parameter leads to is read before everything else.
  const before = emit.docs.length;
  const { value } = term(node, emit);
  return emit.docs.length === before ? value : emit.fail();
}
