/** Reading a ranks trace that may come from anyone: every field is checked before it is believed. */
import { ArrayReader, type BinaryBuffer } from "./arrays.js";
import { readOmission } from "./decode.js";
import { MalformedTraceError } from "./errors.js";
import { atMost, field, flag, list, malformed, oneOf, record, text, whole } from "./fields.js";
import {
  MAX_CURVES,
  MAX_FAILURES,
  MAX_LABEL_LENGTH,
  MAX_LAYERS,
  MAX_MEASURES,
  MAX_NOTES,
  MAX_OMISSIONS,
} from "./limits.js";
import { MAX_SINGULAR_VALUES, MAX_SITES, MAX_STEPS, MAX_TEXT_LENGTH } from "./limits.js";
import type { Omission } from "./omission.js";
import type { RanksCurve, RanksFailure, RanksLayer, RanksMeasure, RanksMethod, RanksTrace } from "./ranks.js";
import { checkVersion } from "./version.js";

/**
 * Decode and check a trace. Fields that this version does not know are ignored.
 * @param data JSON as written by `encodeRanksTrace`
 * @param buffers the binary buffers that came with it, if any; the arrays of the result may share their memory
 * @throws MalformedTraceError naming the field that is missing, of the wrong type, or contradicts another one
 * @throws TraceTooLargeError when it claims more than `limits.ts` accepts; nothing has been allocated then
 * @throws NewerTraceError when its major version is above 1
 */
export function decodeRanksTrace(data: unknown, buffers: readonly BinaryBuffer[] = []): RanksTrace {
  const trace = record(data, "the trace");
  oneOf(field(trace, "kind"), "kind", ["ranks"]);
  const version = checkVersion(field(trace, "version"));
  const method = readMethod(field(trace, "method"));
  const sites = texts(field(trace, "sites"), "sites", 1, MAX_SITES, MAX_LABEL_LENGTH);
  const layers = list(field(trace, "layers"), "layers", 1, MAX_LAYERS).map(readLayer);
  const steps = whole(field(trace, "steps"), "steps", 1);
  atMost(steps, "steps", "steps", MAX_STEPS);
  const omissions = list(field(trace, "omissions"), "omissions", 0, MAX_OMISSIONS).map(readOmission);

  const arrays = new ArrayReader(buffers);
  const recorded = arrays.read(field(trace, "recorded"), "recorded", "int32", [undefined]);
  checkRecorded(recorded, steps, omissions);
  const [T, L, S] = [recorded.length, layers.length, sites.length];
  const bytes = record(field(trace, "bytes"), "bytes");
  const sent = (name: string) => arrays.read(field(bytes, name), `bytes.${name}`, "float64", [T, L, S]);
  const cells = (name: string) => arrays.read(field(trace, name), name, "float32", [T, L, S]);
  const spectra = record(field(trace, "spectra"), "spectra");
  const of = oneOf(field(spectra, "of"), "spectra.of", ["found", "gradient", "none"]);
  const error = record(field(trace, "error"), "error");
  const errors = (name: string) => arrays.read(field(error, name), `error.${name}`, "float64", [T, L]);
  return {
    kind: "ranks",
    version,
    producer: text(field(trace, "producer"), "producer", MAX_TEXT_LENGTH),
    method,
    // This and two more are of version 1.1.
    status: oneOf(trace["status"] ?? "done", "status", ["running", "done", "stopped"]),
    sites,
    layers,
    steps,
    recorded,
    rows: arrays.read(field(trace, "rows"), "rows", "int32", [T, S]),
    factorRows:
      trace["factorRows"] === undefined
        ? new Int32Array(T * L * S)
        : arrays.read(trace["factorRows"], "factorRows", "int32", [T, L, S]),
    loss: arrays.read(field(trace, "loss"), "loss", "float64", [T, S]),
    bytes: {
      up: sent("up"),
      down: sent("down"),
      upFormula: sent("upFormula"),
      downFormula: sent("downFormula"),
    },
    spectra: { of, values: readSpectra(field(spectra, "values"), arrays, [T, L, S], of) },
    effectiveRank: cells("effectiveRank"),
    entropyRank: cells("entropyRank"),
    stableRank: cells("stableRank"),
    error: { relative: errors("relative"), cosine: errors("cosine") },
    measures: list(field(trace, "measures"), "measures", 0, MAX_MEASURES).map((measure, i) =>
      readMeasure(measure, i, arrays, steps),
    ),
    others: list(trace["others"] ?? [], "others", 0, MAX_CURVES).map((curve, i) =>
      readCurve(curve, i, arrays),
    ),
    failures: list(field(trace, "failures"), "failures", 0, MAX_FAILURES).map((failure, i) =>
      readFailure(failure, i, S, steps),
    ),
    omissions,
  };
}

const texts = (value: unknown, path: string, least: number, most: number, length: number): string[] =>
  list(value, path, least, most).map((each, i) => text(each, `${path}[${i}]`, length));

function readMethod(value: unknown): RanksMethod {
  const method = record(value, "method");
  const said = (name: string) => text(field(method, name), `method.${name}`, MAX_TEXT_LENGTH);
  const theta = field(method, "theta");
  if (typeof theta !== "number" || !(theta >= 0 && theta < 1))
    throw malformed("method.theta", "a number from 0 to below 1", theta);
  return {
    name: text(field(method, "name"), "method.name", MAX_LABEL_LENGTH),
    sends: said("sends"),
    aggregates: said("aggregates"),
    reconstructs: said("reconstructs"),
    isExact: flag(field(method, "isExact"), "method.isExact"),
    showsData: flag(field(method, "showsData"), "method.showsData"),
    theta,
    options: texts(field(method, "options"), "method.options", 0, MAX_NOTES, MAX_TEXT_LENGTH),
    notes: texts(field(method, "notes"), "method.notes", 0, MAX_NOTES, MAX_TEXT_LENGTH),
  };
}

function readLayer(value: unknown, index: number): RanksLayer {
  const path = `layers[${index}]`;
  const layer = record(value, path);
  return {
    name: text(field(layer, "name"), `${path}.name`, MAX_LABEL_LENGTH),
    kind: oneOf(field(layer, "kind"), `${path}.kind`, ["outer", "raw", "data"]),
    inputs: whole(field(layer, "inputs"), `${path}.inputs`, 0),
    outputs: whole(field(layer, "outputs"), `${path}.outputs`, 0),
    hasBias: flag(field(layer, "hasBias"), `${path}.hasBias`),
  };
}

function readSpectra(
  value: unknown,
  arrays: ArrayReader,
  cells: readonly number[],
  of: string,
): Float32Array {
  // The last extent is open: it is looked at before the array is read.
  const shape = list(field(record(value, "spectra.values"), "shape"), "spectra.values.shape", 4, 4);
  const K = whole(shape[3], "spectra.values.shape", 0);
  atMost(K, "spectra.values", "singular values", MAX_SINGULAR_VALUES);
  if ((of === "none") !== (K === 0))
    throw new MalformedTraceError(`spectra.of is "${of}", but spectra.values holds ${K} singular values.`);
  return arrays.read(value, "spectra.values", "float32", [...cells, K]);
}

function readMeasure(value: unknown, index: number, arrays: ArrayReader, steps: number): RanksMeasure {
  const path = `measures[${index}]`;
  const measure = record(value, path);
  const at = arrays.read(field(measure, "steps"), `${path}.steps`, "int32", [undefined]);
  checkAscending(at, `${path}.steps`, steps);
  return {
    name: text(field(measure, "name"), `${path}.name`, MAX_LABEL_LENGTH),
    steps: at,
    values: arrays.read(field(measure, "values"), `${path}.values`, "float64", [at.length]),
  };
}

function readCurve(value: unknown, index: number, arrays: ArrayReader): RanksCurve {
  const path = `others[${index}]`;
  const curve = record(value, path);
  const steps = arrays.read(field(curve, "steps"), `${path}.steps`, "int32", [undefined]);
  checkAscending(steps, `${path}.steps`, MAX_STEPS);
  const numbers = (name: string) =>
    arrays.read(field(curve, name), `${path}.${name}`, "float64", [steps.length]);
  return {
    name: text(field(curve, "name"), `${path}.name`, MAX_LABEL_LENGTH),
    measure: text(field(curve, "measure"), `${path}.measure`, MAX_LABEL_LENGTH),
    steps,
    up: numbers("up"),
    down: numbers("down"),
    values: numbers("values"),
  };
}

function readFailure(value: unknown, index: number, sites: number, steps: number): RanksFailure {
  const path = `failures[${index}]`;
  const failure = record(value, path);
  const site = whole(field(failure, "site"), `${path}.site`, 0);
  const step = whole(field(failure, "step"), `${path}.step`, 0);
  if (site >= sites) throw new MalformedTraceError(`${path}.site is ${site}, but the sites run from 0 to ${sites - 1}.`); // prettier-ignore
  // The step in which a run ended is one that it did not make.
  if (step > steps)
    throw new MalformedTraceError(`${path}.step is ${step}, but the run made ${steps} steps.`);
  return { site, step, message: text(field(failure, "message"), `${path}.message`, MAX_TEXT_LENGTH) };
}

function checkAscending(values: Int32Array, path: string, below: number): void {
  for (let i = 0; i < values.length; i++) {
    const least = i === 0 ? 0 : values[i - 1]! + 1;
    if (values[i]! >= least && values[i]! < below) continue;
    throw new MalformedTraceError(`${path}[${i}] is ${values[i]}; the entries should ascend within 0 to ${below - 1}.`); // prettier-ignore
  }
}

function checkRecorded(recorded: Int32Array, steps: number, omissions: readonly Omission[]): void {
  const T = recorded.length;
  if (T === 0) throw new MalformedTraceError("recorded is empty; a trace holds at least one step.");
  checkAscending(recorded, "recorded", steps);
  if (T < steps && !omissions.some(({ what }) => what === "steps"))
    throw new MalformedTraceError(`recorded holds ${T} of ${steps} steps, but omissions does not say so.`);
}
