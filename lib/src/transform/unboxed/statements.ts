/** Statements of an unboxed body: a row for each kind. What has no row, no function with an unboxed body has. */
import { isPlain, siteText } from "../context.js";
import type { Doc } from "../doc.js";
import { type AnyNode, bare, type Kind, type Of } from "../tree.js";
import type { Emitter } from "./emitter.js";
import { assign, combined, condition, number } from "./number-expressions.js";

type Rows = { readonly [K in Kind]?: (node: Of<K>, emit: Emitter) => void };

const rows: Rows = {
  EmptyStatement: () => {},
  VariableDeclaration(node, emit) {
    if (node.kind !== "let" && node.kind !== "const") emit.fail();
    for (const { id, init } of node.declarations) {
      const variable = emit.variable(id);
      if (variable === null) {
        if (id.type !== "Identifier") emit.fail();
        emit.write(`${node.kind} ${(id as Of<"Identifier">).name}`, init ? [" = ", emit.raw(init)] : "", ";");
        continue;
      }
      const { value, id: own } = init ? number(init, emit) : { value: "NaN", id: null };
      emit.write(`${node.kind} ${variable.value} = ${value}, ${variable.id} = ${own ?? "-1"};`);
    }
  },
  ExpressionStatement({ expression }, emit) {
    const node = bare(expression);
    if (node.type === "AssignmentExpression") return assignment(node, emit);
    if (node.type === "UpdateExpression") return update(node, emit);
    if (node.type !== "Literal") emit.fail();
  },
  IfStatement({ test, consequent, alternate }, emit) {
    emit.write(
      "if (",
      condition(test, emit, true),
      ") ",
      block(consequent, emit),
      alternate ? [" else ", block(alternate, emit)] : "",
    );
  },
  ForStatement({ init, test, update: step, body }, emit) {
    if (init && (init.type !== "VariableDeclaration" || init.kind === "var")) emit.fail();
    const first = init
      ? emit.apart(() => rows.VariableDeclaration!(init as Of<"VariableDeclaration">, emit))
      : [];
    const last: Doc = step ? plainChange(bare(step), emit) : "";
    // Numbers that may be recorded are declared by several statements.
    const isPlainHead =
      !init || (init as Of<"VariableDeclaration">).declarations.every(({ id }) => emit.variable(id) === null);
    if (!isPlainHead) emit.fail();
    emit.write(
      "for (",
      first.length > 0 ? first : ";",
      test ? condition(test, emit, false) : "",
      "; ",
      last,
      ") ",
      block(body, emit),
    );
  },
  WhileStatement({ test, body }, emit) {
    emit.write("while (", condition(test, emit, false), ") ", block(body, emit));
  },
  ForOfStatement({ left, right, body, await: isAwaited }, emit) {
    if (isAwaited || left.type !== "VariableDeclaration" || left.kind === "var") return emit.fail();
    const { id } = left.declarations[0]!;
    const variable = emit.variable(id);
    if (variable === null) {
      if (id.type !== "Identifier") emit.fail();
      return emit.write(
        `for (${left.kind} ${(id as Of<"Identifier">).name} of `,
        emit.raw(right),
        ") ",
        block(body, emit),
      );
    }
    const element = emit.fresh("e");
    const before = [emit.unboxing(element, variable.value, variable.id), " "];
    emit.write(`for (const ${element} of `, emit.raw(right), ") ", block(body, emit, before));
  },
  BlockStatement: (node, emit) => emit.write(block(node, emit)),
  BreakStatement: ({ label }, emit) => (label ? emit.fail() : emit.write("break;")),
  ContinueStatement: ({ label }, emit) => (label ? emit.fail() : emit.write("continue;")),
  // The other body throws it, with all that it says.
  ThrowStatement: (_node, emit) => emit.write(`break ${emit.name("")};`),
  ReturnStatement({ argument }, emit) {
    emit.write(emit.undisturbed());
    if (!argument) return emit.write("return;");
    const result = returned(argument, emit);
    const tape = emit.name("t");
    emit.write(
      `${tape}.length = ${emit.name("k")}; ${tape}.argCount = ${emit.name("n")}; return `,
      result,
      ";",
    );
  },
};

export function statement(node: AnyNode, emit: Emitter): void {
  const row = rows[node.type] as ((node: AnyNode, emit: Emitter) => void) | undefined;
  if (row) row(node, emit);
  else emit.fail();
}

function block(node: AnyNode, emit: Emitter, before: readonly Doc[] = []): Doc {
  const inside = node.type === "BlockStatement" ? node.body : [node];
  return ["{ ", before, emit.apart(() => inside.forEach((each) => statement(each, emit))), "}"];
}

function assignment(node: Of<"AssignmentExpression">, emit: Emitter): void {
  const { left, right, operator } = node;
  const variable = emit.variable(left);
  if (variable === null) return emit.write(plainChange(node, emit), ";");
  assign(
    variable,
    operator === "=" ? number(right, emit) : combined(operator.slice(0, -1), variable, right, emit),
    emit,
  );
}

function update(node: Of<"UpdateExpression">, emit: Emitter): void {
  const variable = emit.variable(node.argument);
  // One more has the same derivative: it is the same node.
  emit.write(variable ? `${variable.value}${node.operator};` : [plainChange(node, emit), ";"]);
}

/** A change of a variable that is known to hold no recorded number. */
function plainChange(node: AnyNode, emit: Emitter): Doc {
  const target =
    node.type === "AssignmentExpression"
      ? node.left
      : node.type === "UpdateExpression"
        ? node.argument
        : emit.fail();
  if (target.type !== "Identifier" || !isPlain(emit.cx, target) || !emit.isLocal(target)) emit.fail();
  const { name } = target as Of<"Identifier">;
  if (node.type === "UpdateExpression") return `${name}${node.operator}`;
  const { right, operator } = node as Of<"AssignmentExpression">;
  if (!isPlain(emit.cx, right)) emit.fail();
  return [`${name} ${operator} `, emit.raw(right)];
}

/** A number, or an array or an object of them: recorded ones as numbers of the tape. */
function returned(given: AnyNode, emit: Emitter): Doc {
  const node = bare(given);
  if (node.type === "ArrayExpression")
    return [
      "[",
      node.elements.map((element) =>
        element && element.type !== "SpreadElement" ? [returned(element, emit), ", "] : emit.fail(),
      ),
      "]",
    ];
  if (node.type === "ObjectExpression")
    return ["{ ", node.properties.map((property) => {
      if (property.type !== "Property" || property.kind !== "init" || property.computed || property.method) return emit.fail();
      const { key } = property;
      const name = key.type === "Identifier" ? key.name : key.type === "Literal" ? String(key.raw) : emit.fail();
      return [`${name === "__proto__" ? emit.fail() : name}: `, returned(property.value, emit), ", "];
    }), "}"]; // prettier-ignore
  if (isPlain(emit.cx, node) && emit.isInert(node)) return emit.raw(node);
  const { value, id } = number(node, emit);
  if (id === null) return value;
  const site =
    node.type === "Identifier" || node.type === "MemberExpression" ? "-1" : siteText(emit.cx, node);
  return `${id} < 0 ? ${value} : ${emit.name("t")}.boxed(${id}, ${value}, ${site})`;
}
