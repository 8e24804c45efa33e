/**
 * A recorded body as a function of its own, made where it is called. In one function with the plain body it would cost that one up to
 * a half: a compiler has its limits for what it keeps in mind about a function, and does not inline large ones.
 */
import type { Doc } from "./doc.js";
import { namesIn } from "./patterns.js";
import { type AnyNode, type FunctionNode, isFunction, walk } from "./tree.js";

/** What only the function itself has, and no function inside it. */
function hasItsOwn(node: FunctionNode): { readonly cannotMove: boolean; readonly hasThis: boolean } {
  let [cannotMove, hasThis] = [Boolean(node.async) || Boolean(node.generator), false];
  const visit = (inside: AnyNode): boolean => {
    if (inside !== node && isFunction(inside) && inside.type !== "ArrowFunctionExpression") return false;
    cannotMove ||= inside.type === "Super" || inside.type === "MetaProperty" || inside.type === "ClassDeclaration" || inside.type === "ClassExpression"; // prettier-ignore
    cannotMove ||= inside.type === "Identifier" && (inside.name === "arguments" || inside.name === "eval");
    hasThis ||= inside.type === "ThisExpression";
    return true;
  };
  walk(node.body, visit);
  return { cannotMove, hasThis: hasThis && node.type !== "ArrowFunctionExpression" };
}

/** @returns statements that run the body with the parameters as they are, and return what it returns */
export function apart(node: FunctionNode, body: Doc): Doc {
  const { cannotMove, hasThis } = hasItsOwn(node);
  if (cannotMove) return body;
  const names = [...new Set(node.params.flatMap(namesIn))].join(", ");
  return hasThis
    ? ["return (function (", names, ") { ", body, ` }).call(this${names === "" ? "" : `, ${names}`});`]
    : ["return ((", names, ") => { ", body, " })(", names, ");"];
}
