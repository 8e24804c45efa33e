/** The rewriting itself: one row a kind of syntax, by which arithmetic becomes calls of what records it. */
import { type Doc, raw } from "./doc.js";
import { ARITY } from "./functions-of-math.js";
import type { Kinds } from "./kinds.js";
import {
  type AnyNode,
  bare,
  childrenOf,
  type FunctionNode,
  isFunction,
  type Kind,
  type Of,
  type Range,
  unwrapped,
} from "./tree.js";

/** Where the text stands: outside of what says "use ad", in the body that runs as it is, in the one that records. */
type Mode = "outside" | "original" | "recorded";

const BINARY: Readonly<Record<string, string>> = {
  ...{ "+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod", "**": "pow" },
  ...{ "&": "bitAnd", "|": "bitOr", "^": "bitXor", "<<": "shiftLeft", ">>": "shiftRight" },
  ...{ ">>>": "shiftRightUnsigned", "<": "lt", "<=": "le", ">": "gt", ">=": "ge" },
  ...{ "==": "looseEq", "!=": "looseNe", "===": "strictEq", "!==": "strictNe" },
};
const UNARY: Readonly<Record<string, string>> = { "-": "neg", "+": "plus", "~": "bitNot" };
const UPDATE: Readonly<Record<string, string>> = { "++": "inc", "--": "dec" };
const VARIADIC: ReadonlySet<string> = new Set(["max", "min", "hypot"]);
const SORTS: ReadonlySet<string> = new Set(["sort", "toSorted"]);

const isDirective = (node: AnyNode): node is Of<"ExpressionStatement"> =>
  node.type === "ExpressionStatement" && typeof (node as { directive?: unknown }).directive === "string";

const saysUseAd = (body: readonly AnyNode[]): boolean =>
  body.some((node) => isDirective(node) && (node as { directive?: string }).directive === "use ad");

/** Functions whose bodies must not be there twice, or that cannot say anything. */
const bodyOf = (node: FunctionNode): readonly AnyNode[] =>
  node.body.type === "BlockStatement" ? node.body.body : [];

export class Rewriter {
  /** The stretches of source that calls name, by their number. */
  readonly spans: Range[] = [];
  /** How many functions say "use ad". */
  functions = 0;
  /** Names that the pass adds: of the runtime, of the number of the first site, of temporaries. */
  readonly name: (part: "" | "s" | `t${number}`) => string;
  readonly #source: string;
  readonly #kinds: Kinds;
  #mode: Mode = "outside";
  /** Variables of the body at hand for what must be evaluated once; null where none can be declared. */
  #temporaries: string[] | null = null;
  #taken = 0;

  constructor(source: string, kinds: Kinds, suffix: string) {
    this.#source = source;
    this.#kinds = kinds;
    let prefix = "$ad";
    while (source.includes(prefix)) prefix += "_";
    this.name = (part) => `${prefix}${part}${suffix}`;
  }

  program(node: Of<"Program">): Doc {
    if (saysUseAd(node.body)) this.#mode = "original";
    return this.#copy(node, 0, this.#source.length);
  }

  #emit(node: AnyNode): Doc {
    if (isFunction(node)) return this.#function(node);
    if (this.#mode !== "recorded") return this.#copy(node);
    return (this.#rows[node.type] as ((node: AnyNode) => Doc | null) | undefined)?.(node) ?? this.#copy(node);
  }

  /** The node as it is, its children emitted. */
  #copy(node: AnyNode, start = node.start, end = node.end): Doc {
    const parts: Doc[] = [];
    let at = start;
    for (const child of childrenOf(node)) {
      if (child.start < at) continue;
      parts.push(raw(at, child.start), this.#emit(child));
      at = child.end;
    }
    return [...parts, raw(at, end)];
  }

  #in<T>(mode: Mode, temporaries: string[] | null, make: () => T): T {
    const [before, names] = [this.#mode, this.#temporaries];
    this.#mode = mode;
    this.#temporaries = temporaries;
    try {
      return make();
    } finally {
      this.#mode = before;
      this.#temporaries = names;
    }
  }

  #function(node: FunctionNode): Doc {
    const twice = this.#mode === "original" || (this.#mode === "outside" && saysUseAd(bodyOf(node)));
    if (!twice) {
      if (this.#mode === "outside") return this.#copy(node);
      return this.#withBody(node, this.#recordedBody(node));
    }
    this.functions += 1;
    const original = this.#in("original", null, () => this.#plainBody(node));
    const recorded = this.#recordedBody(node);
    return this.#withBody(node, [`{if(${this.name("")}.recording===0){`, original, "}else{", recorded, "}}"]);
  }

  /** The head of a function with another body; what its parameters default to is recorded where that is on. */
  #withBody(node: FunctionNode, body: Doc): Doc {
    const parts: Doc[] = [];
    let at = node.start;
    for (const child of childrenOf(node)) {
      if (child === node.body) break;
      parts.push(
        raw(at, child.start),
        this.#in("recorded", null, () => this.#emit(child)),
      );
      at = child.end;
    }
    const directives = bodyOf(node)
      .filter(isDirective)
      .map(({ directive }) => JSON.stringify(directive) + ";");
    const block = directives.length === 0 ? body : ["{", ...directives, body, "}"];
    return [...parts, raw(at, node.body.start), block];
  }

  /** The statements of a body, or the returned expression, as they are. */
  #plainBody({ body }: FunctionNode): Doc {
    if (body.type !== "BlockStatement") return ["return ", this.#emit(body), ";"];
    return this.#statements(body);
  }

  #statements(body: Of<"BlockStatement">): Doc {
    const first = body.body.find((statement) => !isDirective(statement));
    const start = first?.start ?? body.end - 1;
    return this.#copyBetween(body, start, body.end - 1);
  }

  #copyBetween(node: Of<"BlockStatement">, start: number, end: number): Doc {
    const parts: Doc[] = [];
    let at = start;
    for (const child of node.body) {
      if (child.start < start) continue;
      parts.push(raw(at, child.start), this.#emit(child));
      at = child.end;
    }
    return [...parts, raw(at, end)];
  }

  #recordedBody(node: FunctionNode): Doc {
    const names: string[] = [];
    const body = this.#in("recorded", names, () => this.#plainBody(node));
    return ["{", names.length === 0 ? "" : `let ${names.join(",")};`, body, "}"];
  }

  #site(node: Range): Doc {
    this.spans.push({ start: node.start, end: node.end });
    return `${this.name("s")}+${this.spans.length - 1}`;
  }

  /** A call of an operation, which stands for the node. */
  #call(name: string, node: AnyNode, ...args: readonly Doc[]): Doc {
    const given = args.flatMap((arg): Doc[] => [arg, ","]);
    return [{ text: `${this.name("")}.ops.${name}(`, at: node.start }, ...given, this.#site(node), ")"];
  }

  #temporary(): string | null {
    if (this.#temporaries === null) return null;
    const name = this.name(`t${this.#taken++}`);
    this.#temporaries.push(name);
    return name;
  }

  /** A place where only truth matters. */
  #condition(node: AnyNode): Doc {
    const inner = unwrapped(node);
    if (this.#kinds.isPlain(inner)) return this.#emit(node);
    if (inner.type === "LogicalExpression" && inner.operator !== "??")
      return ["(", this.#condition(inner.left), inner.operator, this.#condition(inner.right), ")"];
    return this.#call("truthy", node, this.#emit(node));
  }

  /** An assignable place as text to read it and text to write it, evaluated once. */
  #place(node: AnyNode): { readonly before: Doc; readonly place: Doc } | null {
    const inner = unwrapped(node);
    if (inner.type === "Identifier") return { before: "", place: raw(inner.start, inner.end) };
    if (inner.type !== "MemberExpression") return null;
    const { object, property, computed } = inner;
    const simpleObject = ["Identifier", "ThisExpression", "Super"].includes(object.type);
    const key = unwrapped(property);
    const simpleKey = !computed || key.type === "Identifier" || key.type === "Literal";
    let before: Doc = "";
    let base: Doc = raw(object.start, object.end);
    let name: Doc = computed ? this.#index(property) : raw(property.start, property.end);
    if (!simpleObject) {
      const temporary = this.#temporary();
      if (temporary === null) return null;
      before = [`${temporary}=`, this.#emit(object), ","];
      base = temporary;
    }
    if (!simpleKey) {
      const temporary = this.#temporary();
      if (temporary === null) return null;
      before = [before, `${temporary}=`, name, ","];
      name = temporary;
    }
    return { before, place: computed ? [base, "[", name, "]"] : [base, ".", name] };
  }

  #index(property: AnyNode): Doc {
    return this.#kinds.isPlain(property)
      ? this.#emit(property)
      : this.#call("index", property, this.#emit(property));
  }

  #compound(node: Of<"AssignmentExpression">): Doc | null {
    const operator = node.operator.slice(0, -1);
    const target = this.#place(node.left);
    if (target === null || operator === "??") return null;
    const { before, place } = target;
    if (operator === "||" || operator === "&&") {
      const test = this.#call("truthy", node.left, place);
      const assign: Doc = ["(", place, "=", this.#emit(node.right), ")"];
      const [yes, no] = operator === "&&" ? [assign, place] : [place, assign];
      return ["(", before, test, "?", yes, ":", no, ")"];
    }
    if (this.#kinds.isPlain(node.left) && this.#kinds.isPlain(node.right)) return null;
    return ["(", before, place, "=", this.#call(BINARY[operator]!, node, place, this.#emit(node.right)), ")"];
  }

  #math(name: string, node: Of<"CallExpression">): Doc | null {
    const arity = ARITY.get(name);
    if (arity === undefined || arity === 0) return null;
    const spread = node.arguments.some(({ type }) => type === "SpreadElement");
    const args = node.arguments.map((argument) => this.#emit(argument));
    if (VARIADIC.has(name) && (spread || args.length !== 2))
      return this.#call(`${name}Of`, node, ["[", ...args.flatMap((arg): Doc[] => [arg, ","]), "]"]);
    if (spread || args.length !== (VARIADIC.has(name) ? 2 : arity)) return null;
    return this.#call(name, node, ...args);
  }

  #callee(node: Of<"CallExpression">): Doc | null {
    const callee = bare(node.callee);
    const isOfNumber = callee.type === "MemberExpression" && this.#kinds.isGlobal(callee.object, "Number");
    const isName = callee.type === "Identifier" && !["eval", "require"].includes(callee.name);
    if (node.optional || !(isOfNumber || isName) || this.#kinds.of(callee) === "function") {
      if (!isOfNumber) return null;
    }
    const end = node.callee.end;
    const rest = { ...node, callee: null } as unknown as AnyNode;
    return [`${this.name("")}.ops.fn(`, this.#emit(node.callee), ")", this.#copy(rest, end, node.end)];
  }

  /** One row a kind of syntax; null leaves it as it is. */
  readonly #rows: { readonly [K in Kind]?: (node: Of<K>) => Doc | null } = {
    BinaryExpression: (node) => {
      const name = BINARY[node.operator];
      if (name === undefined || (this.#kinds.isPlain(node.left) && this.#kinds.isPlain(node.right)))
        return null;
      return this.#call(name, node, this.#emit(node.left), this.#emit(node.right));
    },
    UnaryExpression: (node) => {
      if (node.operator === "!") return ["!", this.#parenthesised(this.#condition(node.argument))];
      const name = UNARY[node.operator];
      return name === undefined || this.#kinds.isPlain(node.argument)
        ? null
        : this.#call(name, node, this.#emit(node.argument));
    },
    UpdateExpression: (node) => {
      if (this.#kinds.isPlain(node.argument)) return null;
      const target = this.#place(node.argument);
      if (target === null) return null;
      const { before, place } = target;
      const name = UPDATE[node.operator]!;
      if (node.prefix) return ["(", before, place, "=", this.#call(name, node, place), ")"];
      const old = this.#temporary();
      if (old === null) return null;
      const numeric = this.#call("plus", node, place);
      return ["(", before, `${old}=`, numeric, ",", place, "=", this.#call(name, node, old), ",", old, ")"];
    },
    AssignmentExpression: (node) => (node.operator === "=" ? null : this.#compound(node)),
    LogicalExpression: (node) => {
      if (node.operator === "??" || this.#kinds.isPlain(node.left)) return null;
      const held = this.#temporary();
      if (held === null) return null;
      const test = this.#call("truthy", node.left, [`${held}=`, this.#emit(node.left)]);
      const [yes, no] =
        node.operator === "&&" ? [this.#emit(node.right), held] : [held, this.#emit(node.right)];
      return ["(", test, "?", yes, ":", no, ")"];
    },
    ConditionalExpression: (node) => [
      this.#condition(node.test),
      raw(node.test.end, node.consequent.start),
      this.#emit(node.consequent),
      raw(node.consequent.end, node.alternate.start),
      this.#emit(node.alternate),
    ],
    IfStatement: (node) => this.#tested(node, node.test),
    WhileStatement: (node) => this.#tested(node, node.test),
    DoWhileStatement: (node) => this.#tested(node, node.test),
    ForStatement: (node) => (node.test ? this.#tested(node, node.test) : null),
    SwitchStatement: (node) =>
      this.#kinds.isPlain(node.discriminant) ? null : this.#replaced(node, node.discriminant, (child) => this.#call("primal", child, this.#emit(child))), // prettier-ignore
    MemberExpression: (node) =>
      !node.computed || this.#kinds.isPlain(node.property) ? null : this.#replaced(node, node.property, (child) => this.#index(child)), // prettier-ignore
    CallExpression: (node) => {
      const callee = bare(node.callee);
      if (callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier") {
        const { name } = callee.property;
        if (this.#kinds.isGlobal(callee.object, "Math")) return this.#math(name, node);
        const [comparator] = node.arguments;
        if (SORTS.has(name) && comparator !== undefined && node.arguments.length === 1)
          return this.#replaced(node, comparator, (child) => [`${this.name("")}.ops.comparator(`, this.#emit(child), ")"]); // prettier-ignore
      }
      return this.#callee(node);
    },
  };

  #parenthesised(doc: Doc): Doc {
    return ["(", doc, ")"];
  }

  #tested(node: AnyNode, test: AnyNode): Doc {
    return this.#replaced(node, test, (child) => this.#condition(child));
  }

  /** A copy of the node in which one child is emitted in another way. */
  #replaced(node: AnyNode, which: AnyNode, how: (child: AnyNode) => Doc): Doc {
    const parts: Doc[] = [];
    let at = node.start;
    for (const child of childrenOf(node)) {
      if (child.start < at) continue;
      parts.push(raw(at, child.start), child === which ? how(child) : this.#emit(child));
      at = child.end;
    }
    return [...parts, raw(at, node.end)];
  }
}
