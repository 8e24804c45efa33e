/** What was reached for what was sent: a measure, such as the accuracy, against the bytes up; other runs beside it. */
import { curveOf, type RanksCurve, sentUntil } from "cotangent/trace";
import { axis, baseLayout, colourOf, type Look } from "./look.js";
import type { RanksModel } from "./model.js";
import type { Panel, Place } from "./panel.js";
import { plotlyText } from "./plotly.js";
import { visibleToken } from "../common/labels.js";
import { byteCount, rankNumber } from "./wording.js";

const HEIGHT = 300;
/** Runs of which the caption tells; the table tells of all. */
const SAID = 3;
/** Sums this many times apart are drawn on a logarithmic axis. */
const FAR = 20;

interface Curve {
  readonly name: string;
  readonly isOwn: boolean;
  readonly steps: readonly number[];
  readonly bytes: readonly number[];
  readonly values: readonly number[];
}

/** The first measure of the run, and the same of others. */
export function curvesOf({ trace }: RanksModel): {
  readonly measure: string;
  readonly curves: readonly Curve[];
} {
  const [own] = trace.measures;
  const measure = own?.name ?? trace.others[0]?.measure ?? "";
  const of = ({ name, steps, up, values }: RanksCurve, isOwn: boolean): Curve => ({ name: visibleToken(name), isOwn, steps: [...steps], bytes: [...up], values: [...values] }); // prettier-ignore
  return {
    measure,
    curves: [
      ...(own ? [of(curveOf(trace, own, trace.method.name), true)] : []),
      ...trace.others.filter((curve) => curve.measure === measure).map((curve) => of(curve, false)),
    ],
  };
}

function chart(model: RanksModel, look: Look) {
  const { measure, curves } = curvesOf(model);
  if (curves.length === 0)
    return "Nothing was measured on the way. Measure the accuracy, say, with measure: { every: 20, of: (params) => ({ accuracy: … }) }.";
  const totals = curves.map(({ bytes }) => bytes.at(-1) ?? 0);
  const isLog = Math.min(...totals) > 0 && Math.max(...totals) > FAR * Math.min(...totals);
  const unit = 10 ** (3 * Math.floor(Math.log10(Math.max(1, ...totals)) / 3));
  const unitName = byteCount(unit).replace("1 ", "");
  const data = curves.map(({ name, isOwn, steps, bytes, values }, i) => ({
    type: "scatter",
    mode: "lines+markers",
    x: bytes.map((value) => (isLog && value <= 0 ? null : value / unit)),
    y: values.map((value) => (Number.isFinite(value) ? value : null)),
    customdata: steps.map((step, k) => [step, byteCount(bytes[k]!)]),
    name: plotlyText(name.length > 32 ? `${name.slice(0, 31)}…` : name),
    line: { color: colourOf(look, i), width: isOwn ? 2.5 : 1.5, dash: i < 7 ? "solid" : "dash" },
    marker: { color: colourOf(look, i), size: values.map((_, k) => (k === values.length - 1 ? 9 : 3.5)), symbol: i, line: { width: 0 } },
    hovertemplate: `%{fullData.name}<br>after step %{customdata[0]}: %{y:.4~g} for %{customdata[1]} up<extra></extra>`,
  })); // prettier-ignore
  return {
    data,
    layout: {
      ...baseLayout(look, HEIGHT),
      showlegend: true,
      xaxis: axis(look, `sent up by all sites / ${unitName}${isLog ? ", logarithmic" : ""}`, isLog ? { type: "log" } : { rangemode: "tozero" }), // prettier-ignore
      yaxis: axis(
        look,
        plotlyText(visibleToken(measure)),
        curves.every(({ steps }) => steps.length < 2) ? { rangemode: "tozero" } : {},
      ),
    },
  };
}

/** The last measurement at or before the step, if there is one. */
function reached(model: RanksModel, step: number) {
  const own = curvesOf(model).curves.find(({ isOwn }) => isOwn);
  const k = own ? own.steps.findLastIndex((at) => at <= step) : -1;
  return own && k >= 0 ? { step: own.steps[k]!, bytes: own.bytes[k]!, value: own.values[k]! } : undefined;
}

/** A vertical line at what had been sent by the step. */
function shapes(model: RanksModel, { frame }: Place, look: Look) {
  const { curves } = curvesOf(model);
  if (curves.length === 0) return [];
  const totals = curves.map(({ bytes }) => bytes.at(-1) ?? 0);
  const unit = 10 ** (3 * Math.floor(Math.log10(Math.max(1, ...totals)) / 3));
  const x = sentUntil(model.trace, model.trace.bytes.up, frame) / unit;
  if (!Number.isFinite(x)) return [];
  return [{ type: "line", xref: "x", yref: "paper", x0: x, x1: x, y0: 0, y1: 1, line: { color: look.text, width: 1.25 } }]; // prettier-ignore
}

export const measurePanel: Panel = {
  name: "measure",
  title: "What was reached for the bytes",
  chart: (model, _place, look) => chart(model, look),
  dependsOn: () => "",
  shapes,
  hasSteps: false,
  caption(model, { step }) {
    const { measure, curves } = curvesOf(model);
    if (curves.length === 0) return "";
    const now = reached(model, step);
    const own = now
      ? `Step ${now.step}: ${rankNumber(now.value)} for ${byteCount(now.bytes)} up.`
      : "Not measured yet.";
    const ends = curves.map(
      ({ name, values, bytes }) =>
        `${name} ${rankNumber(values.at(-1) ?? NaN)} for ${byteCount(bytes.at(-1) ?? NaN)}`,
    );
    const more = ends.length > SAID ? `; ${ends.length - SAID} more` : "";
    return `${own} At the end, ${visibleToken(measure)}: ${ends.slice(0, SAID).join("; ")}${more}.`;
  },
};
