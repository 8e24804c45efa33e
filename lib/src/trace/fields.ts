/** Reading untrusted fields one by one: each check names the field and what it should have been. */
import { MalformedTraceError, TraceTooLargeError } from "./errors.js";

type Fields = Readonly<Record<string, unknown>>;

/** A value as a short text for a message, whatever it is. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}

export function malformed(path: string, expected: string, value: unknown): MalformedTraceError {
  return new MalformedTraceError(`${path} should be ${expected}, but it is ${show(value)}.`);
}

export function record(value: unknown, path: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(path, "an object", value);
  }
  return value as Fields;
}

/** An own property, so that nothing is read from a prototype. */
export const field = (of: Fields, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined);

/** A list with `least` to `most` entries; the length is checked before any entry is read. */
export function list(value: unknown, path: string, least: number, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(path, "a list", value);
  if (value.length < least) throw malformed(path, `a list of at least ${least}`, value);
  atMost(value.length, path, "entries", most);
  return value;
}

export function atMost(count: number, path: string, of: string, most: number): void {
  if (count > most) {
    throw new TraceTooLargeError(`${path} has ${count} ${of}; at most ${most} are accepted.`);
  }
}

/** A text of at most `most` code points; one of more than twice as many code units is not even counted. */
export function text(value: unknown, path: string, most: number): string {
  if (typeof value !== "string") throw malformed(path, "a text", value);
  if (value.length > most) {
    const length = value.length > 2 * most ? value.length : Array.from(value).length;
    atMost(length, path, "characters", most);
  }
  return value;
}

export function oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw malformed(path, `one of ${allowed.map(show).join(", ")}`, value);
  return found;
}

export function flag(value: unknown, path: string): boolean {
  if (typeof value !== "boolean") throw malformed(path, "true or false", value);
  return value;
}

/** The place of one of N things, or −1 for one that was left out. */
export function placeOrNone(value: unknown, path: string, N: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < -1 || (value as number) >= N)
    throw malformed(path, `−1 or the place of one of the ${N} nodes`, value);
  return value as number;
}

/** A finite number above zero. */
export function positive(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
    throw malformed(path, "a finite number above 0", value);
  }
  return value;
}

/** A whole number from `least` up. */
export function whole(value: unknown, path: string, least: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw malformed(path, `a whole number, ${least} or more`, value);
  }
  return value as number;
}
