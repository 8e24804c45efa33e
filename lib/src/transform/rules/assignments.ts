/** Assignments that compute: `x += e`, `x ||= e`, `x++`. */
import { type Context, isPlain, operation, temporary } from "../context.js";
import { type Doc, raw } from "../doc.js";
import { fuseAssigned } from "../fuse.js";
import { inner, recorded, type Rules } from "../print.js";
import { type AnyNode, bare, type Of, unwrapped } from "../tree.js";
import { choose } from "./logic.js";
import { indexed } from "./members.js";
import { arithmetic } from "./operators.js";

/** A variable or property: how to write it where it comes first, and how again, without evaluating its parts anew. */
interface Reference {
  readonly first: Doc;
  readonly again: Doc;
}

const text = (node: AnyNode): Doc => raw(node.start, node.end, "line");

/** @param isStable whether it may be evaluated again, because it means the same */
function part(node: AnyNode, printed: Doc, isStable: boolean, cx: Context): Reference {
  if (isStable) return { first: text(node), again: text(node) };
  const name = temporary(cx);
  return { first: [`${name} = `, printed], again: name };
}

const NAMES = new Set(["Identifier", "ThisExpression", "Super"]);

/** @param inPlace whether first and again stand side by side, as in `a[i] = a[i] + e` */
function reference(given: AnyNode, cx: Context, inPlace: boolean): Reference {
  const node = unwrapped(given);
  if (node.type !== "MemberExpression") return { first: text(node), again: text(node) };
  const { object, property, computed } = node;
  const isName = NAMES.has(object.type) && (inPlace || object.type !== "Identifier");
  const owner = part(object, isName ? "" : recorded(bare(object), cx), isName, cx);
  const ownerFirst: Doc = isName ? owner.first : ["(", owner.first, ")"];
  if (!computed) {
    const name: Doc = [".", text(property)];
    return { first: [ownerFirst, name], again: [owner.again, name] };
  }
  const isKey =
    property.type === "Literal" || (inPlace && property.type === "Identifier" && isPlain(cx, property));
  const key = part(property, isKey ? "" : indexed(property, cx), isKey, cx);
  return { first: [ownerFirst, "[", key.first, "]"], again: [owner.again, "[", key.again, "]"] };
}

function logical(node: Of<"AssignmentExpression">, cx: Context): Doc {
  const target = reference(node.left, cx, false);
  const isName = unwrapped(node.left).type === "Identifier";
  const write: Doc = ["(", target.again, " = ", recorded(node.right, cx), ")"];
  const branches = (value: Doc): readonly [Doc, Doc] =>
    node.operator === "&&=" ? [write, value] : [value, write];
  if (!isName) return choose(cx, target.first, node.left, branches);
  const [yes, no] = branches(target.again);
  return ["(", operation(cx, "truthy", [target.first], node.left), " ? ", yes, " : ", no, ")"];
}

/** What is evaluated for its effect alone: `x++` need not remember what x was. */
export function effect(node: AnyNode, cx: Context): Doc {
  if (node.type === "UpdateExpression") return update(node, cx, true);
  if (node.type === "AssignmentExpression") return assign(node, cx, true);
  if (node.type === "SequenceExpression") return inner(node, cx, (child) => effect(child, cx));
  return recorded(node, cx);
}

function update(node: Of<"UpdateExpression">, cx: Context, isEffect: boolean): Doc {
  if (isPlain(cx, node.argument)) return inner(node, cx);
  const op = node.operator === "++" ? "inc" : "dec";
  if (isEffect || node.prefix) {
    const { first, again } = reference(node.argument, cx, true);
    const write: Doc = [first, " = ", operation(cx, op, [again], node)];
    return isEffect ? write : ["(", write, ")"];
  }
  const { first, again } = reference(node.argument, cx, false);
  const old = temporary(cx);
  return [
    "(",
    [`${old} = `, operation(cx, "numeric", [first], node), ", "],
    [again, " = ", operation(cx, op, [old], node)],
    `, ${old})`,
  ];
}

const LOGICAL = new Set(["||=", "&&=", "??="]);

function assign(node: Of<"AssignmentExpression">, cx: Context, isEffect: boolean): Doc {
  const { left, right, operator } = node;
  if (operator === "=" || operator === "??=") return inner(node, cx);
  if (isPlain(cx, left) && (LOGICAL.has(operator) || isPlain(cx, right))) return inner(node, cx);
  if (LOGICAL.has(operator)) return logical(node, cx);
  const { first, again } = reference(left, cx, true);
  const name = operator.slice(0, -1);
  const value =
    fuseAssigned(cx, name, again, right, node) ??
    arithmetic(cx, name, [again, recorded(bare(right), cx)], node);
  const write: Doc = [first, " = ", value];
  return isEffect ? write : ["(", write, ")"];
}

export const assignments = {
  AssignmentExpression: (node, cx) => assign(node, cx, false),
  UpdateExpression: (node, cx) => update(node, cx, false),
} satisfies Rules;
