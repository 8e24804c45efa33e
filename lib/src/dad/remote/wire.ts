/** Plain values as JSON beside binary buffers, for lines that carry nothing else. */
import type { NumberArray } from "../../engine/engine.js";

const kinds = { Float32Array, Float64Array, Int32Array } as const;
type Kind = keyof typeof kinds;

/** In place of a typed array, a Map, or a number that JSON has not. */
type Marked =
  | { readonly $array: Kind; readonly buffer: number }
  | { readonly $map: readonly (readonly [unknown, unknown])[] }
  | { readonly $number: "NaN" | "Infinity" | "-Infinity" | "-0" };

const isOdd = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0);

export function toWire(value: unknown): { readonly json: unknown; readonly buffers: NumberArray[] } {
  const buffers: NumberArray[] = [];
  const walk = (each: unknown): unknown => {
    if (typeof each === "number" && isOdd(each))
      return { $number: Object.is(each, -0) ? "-0" : String(each) } as Marked;
    if (typeof each !== "object" || each === null) return each;
    const kind = each.constructor.name as Kind;
    if (Object.hasOwn(kinds, kind)) return { $array: kind, buffer: buffers.push(each as NumberArray) - 1 };
    if (each instanceof Map) return { $map: [...each].map(([key, inner]) => [walk(key), walk(inner)]) };
    if (Array.isArray(each)) return each.map(walk);
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, walk(inner)]));
  };
  return { json: walk(value), buffers };
}

/** @param buffers bytes, aligned or not: they are copied */
export function fromWire(json: unknown, buffers: readonly ArrayBufferView[]): unknown {
  const walk = (each: unknown): unknown => {
    if (typeof each !== "object" || each === null) return each;
    if (Array.isArray(each)) return each.map(walk);
    const marked = each as Partial<Record<"$array" | "$map" | "$number", never>> & { buffer?: number };
    if (marked.$number !== undefined) return Number(marked.$number);
    if (marked.$map !== undefined)
      return new Map((marked.$map as [unknown, unknown][]).map(([key, inner]) => [walk(key), walk(inner)]));
    if (marked.$array !== undefined) {
      const { buffer, byteOffset, byteLength } = buffers[marked.buffer!]!;
      return new kinds[marked.$array as Kind](
        buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer,
      );
    }
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(json);
}
