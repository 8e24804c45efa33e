/** Reading the paths of a tape trace that may come from anyone, and how near they come to kinks. */
import type { ArrayReader } from "./arrays.js";
import { MalformedTraceError } from "./errors.js";
import { atMost, field, flag, list, malformed, placeOrNone, record, text, whole } from "./fields.js";
import { MAX_FRACTIONS, MAX_KINKS, MAX_PATHS, MAX_TEXT_LENGTH } from "./limits.js";
import type { TapePathKink, TapePaths } from "./tape.js";

/** @param N nodes of the trace @param E edges */
export function readPaths(value: unknown, arrays: ArrayReader, N: number, E: number): TapePaths {
  const paths = record(value, "paths");
  const count = whole(field(paths, "count"), "paths.count", 1);
  atMost(count, "paths.count", "paths", MAX_PATHS);
  const shown = whole(field(paths, "shown"), "paths.shown", 0);
  if (shown >= count) throw new MalformedTraceError(`paths.shown is ${shown}, but there are ${count} paths.`);
  const read = (name: string, width: number) =>
    arrays.read(field(paths, name), `paths.${name}`, "float32", [count, width]);
  // This and the next are of version 1.2.
  const fractions = readFractions(paths["fractions"] ?? []);
  return {
    count,
    shown,
    value: read("value", N),
    adjoint: read("adjoint", N),
    partial: read("partial", E),
    fractions,
    kinks: list(paths["kinks"] ?? [], "paths.kinks", 0, MAX_KINKS).map((kink, i) =>
      readKink(kink, `paths.kinks[${i}]`, N, fractions.length),
    ),
  };
}

function readFractions(value: unknown): number[] {
  const path = "paths.fractions";
  return list(value, path, 0, MAX_FRACTIONS).map((fraction, i, all) => {
    const least = i === 0 ? 0 : (all[i - 1] as number);
    if (typeof fraction !== "number" || !(fraction > least && fraction < Infinity))
      throw malformed(`${path}[${i}]`, "a finite number above 0 and above the one before it", fraction);
    return fraction;
  });
}

function readKink(value: unknown, path: string, N: number, fractions: number): TapePathKink {
  const kink = record(value, path);
  const paths = whole(field(kink, "paths"), `${path}.paths`, 1);
  const counted = (found: unknown, name: string, least = 0): number => {
    const count = whole(found, `${path}.${name}`, least);
    if (count > paths)
      throw new MalformedTraceError(`${path}.${name} is ${count}, but there are ${paths} paths.`);
    return count;
  };
  const spread = field(kink, "spread");
  if (typeof spread !== "number" || !(spread >= 0 && spread < Infinity))
    throw malformed(`${path}.spread`, "a finite number, 0 or more", spread);
  const [below, above] = [counted(field(kink, "below"), "below"), counted(field(kink, "above"), "above")];
  if (below + above > paths)
    throw new MalformedTraceError(`${path} has ${below} below and ${above} above, but ${paths} paths.`);
  const within = list(field(kink, "within"), `${path}.within`, fractions, fractions);
  return {
    node: placeOrNone(field(kink, "node"), `${path}.node`, N),
    what: text(field(kink, "what"), `${path}.what`, MAX_TEXT_LENGTH),
    isBranch: flag(field(kink, "isBranch"), `${path}.isBranch`),
    paths,
    spread,
    below,
    above,
    within: within.map((count, i) => counted(count, `within[${i}]`, i === 0 ? 0 : Number(within[i - 1]))),
  };
}
