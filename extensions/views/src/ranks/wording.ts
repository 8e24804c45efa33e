/** What the view says in words: the verdict, the layers, what was left out, what failed. */
import { type Omission, sentUntil, shortNumber } from "cotangent/trace";
import { count } from "../common/format.js";
import { visibleToken } from "../common/labels.js";
import type { RanksModel } from "./model.js";
import type { Place } from "./panel.js";

export interface Verdict {
  readonly level: "good" | "warning" | "bad";
  readonly title: string;
  readonly details: readonly string[];
}

/** Bytes in steps of a thousand. */
export function byteCount(bytes: number): string {
  if (!Number.isFinite(bytes)) return "? B";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [value, unit] = [bytes, 0];
  while (Math.abs(value) >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}

export const rankNumber = (value: number): string => shortNumber(value);

/** A mean of counts with one digit behind the point; "–" where nothing is known. */
export const meanRank = (value: number | null): string =>
  value === null || !Number.isFinite(value) ? "–" : value.toFixed(1);

/** The first layer sees the data; it carries a mark wherever it is named. */
export const FIRST_MARK = "◆";

export function layerLabel({ layerNames, outer, first, trace }: RanksModel, layer: number): string {
  const { kind } = trace.layers[layer]!;
  const mark = (layer === first && outer.length > 1) || kind === "data" ? ` ${FIRST_MARK}` : "";
  const name = layerNames[layer]!;
  return `${name.length > 40 ? `${name.slice(0, 39)}…` : name}${mark}`;
}

/** The width and height of a weight, as it is multiplied. */
export function layerSize({ trace }: RanksModel, layer: number): string {
  const { kind, inputs, outputs, hasBias } = trace.layers[layer]!;
  if (kind === "data") return "the samples";
  return kind === "raw" ? count(inputs, "number") : `${inputs}${hasBias ? " + 1" : ""} × ${outputs}`;
}

/** The mean over the sites of a [T, L, S] array, at one step and layer; null where nothing is known. */
export function meanAt(
  { trace }: RanksModel,
  values: ArrayLike<number>,
  frame: number,
  layer: number,
): number | null {
  // prettier-ignore
  const [L, S] = [trace.layers.length, trace.sites.length];
  let [sum, known] = [0, 0];
  for (let s = 0; s < S; s++) {
    const value = values[(frame * L + layer) * S + s]!;
    if (Number.isFinite(value)) [sum, known] = [sum + value, known + 1];
  }
  return known > 0 ? sum / known : null;
}

/** The ranks of the first layers at the place. */
export function ranksInWords(model: RanksModel, { frame, step, theta }: Place): string {
  const { ranks } = model.at(theta);
  const said = model.outer.slice(0, 6).flatMap((layer) => {
    const rank = meanAt(model, ranks, frame, layer);
    const ceiling = meanAt(model, model.ceilings, frame, layer);
    return rank === null
      ? []
      : [
          `${layerLabel(model, layer)} ${meanRank(rank)} of at most ${ceiling === null ? "?" : rankNumber(ceiling)}`,
        ];
  });
  return said.length === 0 ? "" : `Step ${step}: ${said.join("; ")}.`;
}

/** A sentence, where some counts at the place take in everything that is stored. */
export function openCounts(model: RanksModel, { frame, theta }: Place): string {
  const { trace } = model;
  const row = trace.layers.length * trace.sites.length;
  const open = model
    .at(theta)
    .isOpen.subarray(frame * row, (frame + 1) * row)
    .some((flag) => flag === 1);
  if (!open) return "";
  const why =
    trace.spectra.of === "found"
      ? `the method looked for nothing below its own θ, ${rankNumber(trace.method.theta)}`
      : `only the ${model.singularValues} largest singular values are stored`;
  return ` A lower bound: ${why}.`;
}

/** How the run ended, and what it cost. */
export function verdict({ trace, frames }: RanksModel): Verdict {
  const sent = (bytes: Float64Array) => byteCount(sentUntil(trace, bytes, frames - 1));
  const { method, status, steps, failures, sites } = trace;
  const name = visibleToken(method.name);
  const failed = new Set(failures.map(({ site }) => site)).size;
  const lost = failed > 0 ? [`${count(failed, "site")} of ${sites.length} failed`] : [];
  const details = [
    ...lost,
    `${sent(trace.bytes.up)} up, ${sent(trace.bytes.down)} down`,
    method.isExact ? "exact: the gradient of the pooled batch" : "approximate",
  ];
  const titles = {
    running: `${name} is running: ${count(steps, "step")} so far`,
    stopped: `${name} was stopped after ${count(steps, "step")}`,
    done: `${name}, ${count(steps, "step")} at ${count(sites.length, "site")}`,
  };
  const level = failed > 0 ? "bad" : status === "done" ? "good" : "warning";
  return { level, title: titles[status], details };
}

/** What travels, and what was chosen. */
export function subject({ trace }: RanksModel): string[] {
  const { sends, aggregates, options } = trace.method;
  return [`a site sends ${visibleToken(sends)}`, `the aggregator makes ${visibleToken(aggregates)}`, ...options.map(visibleToken)]; // prettier-ignore
}

const omission = ({ what, kept, of, reason }: Omission): string =>
  `${kept.toLocaleString("en")} of ${of.toLocaleString("en")} ${visibleToken(what)} stored: ${visibleToken(reason)}.`;

/** Everything that the charts do not show, or show otherwise than a reader would expect. */
export function notes(model: RanksModel, drawn: number): string[] {
  const { trace, outer, first } = model;
  const { failures, sites, method, omissions } = trace;
  const shown = failures.slice(0, 8);
  const list = shown.map(({ site, step, message }) => `Site ${visibleToken(sites[site]!)} failed in step ${step}: ${visibleToken(message)}`); // prettier-ignore
  if (failures.length > shown.length) list.push(`${count(failures.length - shown.length, "failure")} more.`);
  list.push(...method.notes.map(visibleToken), ...omissions.map(omission));
  if (drawn < outer.length)
    list.push(`${drawn} of ${outer.length} layers are drawn as lines, chosen evenly.`);
  if (first !== undefined && outer.length > 1)
    list.push(
      `${FIRST_MARK} ${model.layerNames[first]!} is the first layer: its input is the data, so what is sent of it is made of samples, and its rank cannot exceed the rows of the batch.`,
    );
  return list;
}

/** Why there is no rank to draw. */
export const noSpectra = ({ trace, outer }: RanksModel): string =>
  outer.length === 0
    ? "No gradient of this model is a product of two factors, so there is no rank to show."
    : `No singular value is stored: ${visibleToken(trace.method.name)} does not look for them. Record those of the gradients with record: { spectra: "gradient" }.`;
