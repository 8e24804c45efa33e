/** A runtime for tests: a recorded number is the expression it came from, with its value. */

const RUNTIME = Symbol.for("cotangent.runtime");

export class Recorded {
  readonly value: number;
  readonly text: string;

  constructor(value: number, text: string) {
    this.value = value;
    this.text = text;
  }
  valueOf(): never {
    throw new Error(`recorded value escaped: ${this.text}`);
  }
  toString(): string {
    return String(this.value);
  }
}

type Fn = (...args: never[]) => unknown;
type Ops = Record<string, (...args: never[]) => unknown>;
export interface Runtime {
  recording: number;
  sites: number;
  sources: { name: string; base: number; spans: number[]; source: string }[];
  ops: Ops;
}

export const primal = (x: unknown): unknown => (x instanceof Recorded ? x.value : x);
const textOf = (x: unknown): string => (x instanceof Recorded ? x.text : `(${String(x)})`);

/** Every number from the runtime's operations is recorded where one of its operands is. */
export function makeRuntime(onSite: (op: string, site: number) => void = () => {}): Runtime {
  const lift =
    (op: string, compute: (...args: never[]) => unknown, write: (...args: string[]) => string) =>
    (...given: unknown[]): unknown => {
      const site = given.pop();
      if (typeof site !== "number") throw new Error(`${op} without a site`);
      onSite(op, site);
      const value = compute(...(given.map(primal) as never[]));
      if (!given.some((x) => x instanceof Recorded) || typeof value !== "number") return value;
      return new Recorded(value, write(...given.map(textOf)));
    };
  const binary = (op: string, sign: string): Fn =>
    lift(op, new Function("a", "b", `return a ${sign} b`) as Fn, (a, b) => `(${a} ${sign} ${b})`) as Fn;
  const ops: Ops = {};
  const signs = { add: "+", sub: "-", mul: "*", div: "/", mod: "%", pow: "**" };
  const comparisons = { lt: "<", le: "<=", gt: ">", ge: ">=" };
  const equalities = { looseEq: "==", looseNe: "!=", strictEq: "===", strictNe: "!==" };
  const bits = { bitAnd: "&", bitOr: "|", bitXor: "^", shiftLeft: "<<", shiftRight: ">>" };
  for (const [op, sign] of Object.entries({ ...signs, ...comparisons, ...equalities, ...bits }))
    ops[op] = binary(op, sign);
  const natives = new Map<unknown, string>();
  for (const name of Object.getOwnPropertyNames(Math)) {
    const fn = Math[name as "exp"];
    if (typeof fn !== "function") continue;
    natives.set(fn, name);
    ops[name] ??= lift(name, fn, (...args) => `Math.${name}(${args.join(", ")})`) as Fn;
  }
  const pass = (op: string) => (x: unknown, site: number) => (onSite(op, site), primal(x));
  const predicates = new Set<unknown>([
    Boolean,
    String,
    isNaN,
    isFinite,
    Number.isFinite,
    Number.isNaN,
    Number.isInteger,
    Object.is,
  ]);
  const identity = new Set<unknown>([Number, parseFloat, Number.parseFloat]);
  const truthy = (x: unknown) => Boolean(primal(x));
  /** What a method of an array does with recorded numbers. */
  const answering = /^(?:filter|find\w*|some|every)$/;
  for (const name of ["max", "min", "hypot"])
    ops[`${name}Of`] = (values: unknown[], site: number) => ops[name]!(...([...values, site] as never[]));
  Object.assign(ops, {
    shiftRightUnsigned: binary("shiftRightUnsigned", ">>>"),
    bitNot: lift("bitNot", (a: number) => ~a, (a) => `(~${a})`),
    neg: lift("neg", (a: number) => -a, (a) => `(-${a})`),
    plus: lift("plus", (a: number) => +a, (a) => `(+${a})`),
    inc: lift("inc", (a: number) => +a + 1, (a) => `(${a} + 1)`),
    dec: lift("dec", (a: number) => +a - 1, (a) => `(${a} - 1)`),
    numeric: lift("numeric", (a: number) => +a, (a) => a),
    truthy: (x: unknown, site: number) => (onSite("truthy", site), truthy(x)),
    index: pass("index"),
    primal: pass("primal"),
    typeOf: (x: unknown, site: number) => (onSite("typeOf", site), typeof primal(x)),
    fn(f: unknown, site: number) {
      const name = natives.get(f);
      if (name !== undefined) return (...args: unknown[]) => (ops[name] as Fn)(...([...args, site] as never[]));
      if (predicates.has(f)) return (...args: unknown[]) => (f as Fn)(...(args.map(primal) as never[]));
      return identity.has(f) ? (x: unknown) => (x instanceof Recorded ? x : (f as Fn)(x as never)) : f;
    },
    method(owner: Record<string, Fn>, name: string, site: number, ...args: unknown[]) {
      const f = owner[name]!;
      if (natives.has(f)) return (ops[natives.get(f)!] as Fn)(...([...args, site] as never[]));
      if (!Array.isArray(owner)) return f.apply(owner, args as never[]);
      const [first, ...rest] = args;
      if (/sort/i.test(name) && typeof first === "function")
        return f.call(owner, ((a: never, b: never) => primal((first as Fn)(a, b))) as never);
      if (answering.test(name))
        return f.call(owner, ((...all: never[]) => truthy((first as Fn)(...all))) as never);
      if (/^(?:includes|\w*[iI]ndexOf)$/.test(name))
        return f.call(owner.map(primal), primal(first) as never, ...(rest as never[]));
      return f.apply(owner, args as never[]);
    },
  }); // prettier-ignore
  return { recording: 0, sites: 0, sources: [], ops };
}

/** Run something with this runtime in place of the library's. */
export function withRuntime<T>(runtime: Runtime, run: () => T): T {
  const globals = globalThis as unknown as Record<symbol, unknown>;
  const before = globals[RUNTIME];
  globals[RUNTIME] = runtime;
  try {
    return run();
  } finally {
    globals[RUNTIME] = before;
  }
}
