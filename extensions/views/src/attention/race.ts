/** The solver race: the residuals of several solvers of one problem on one time axis. */
import { type AttentionTrace, type ResidualCurve, shortNumber, solverName } from "cotangent/trace";
import { axisBottom, axisLeft, line, scaleLinear, scaleLog, select } from "d3";
import { html, svg } from "../common/dom.js";
import { envelope } from "../common/envelope.js";
import { logDomain, residualKind } from "../common/log-scale.js";
import { count } from "../common/format.js";
import { visibleToken } from "../common/labels.js";

export interface Race {
  readonly element: HTMLElement;
  resize(width: number): void;
  mark(iteration: number): void;
}

const HEIGHT = 208;
const PLOT = { left: 52, right: 14, top: 10, bottom: 182 } as const;

interface Runner {
  readonly name: string;
  readonly converged: boolean;
  readonly values: Float64Array;
}

/** The solve itself first, then its rivals. */
export const runners = (trace: AttentionTrace, curve: ResidualCurve): readonly Runner[] => [
  {
    name: visibleToken(solverName(trace)),
    converged: trace.outcome.converged,
    values: curve.values,
  },
  ...(trace.rivals ?? []).map(({ name, converged, residuals }) => ({
    name: visibleToken(name),
    converged,
    values: residuals,
  })),
];

const result = ({ converged, values }: Runner): string =>
  `${converged ? "in" : "not in"} ${count(values.length, "iteration")}`;

export function solverRace(trace: AttentionTrace, curve: ResidualCurve): Race | undefined {
  if (!trace.rivals || trace.rivals.length === 0) return undefined;
  const all = runners(trace, curve);
  const longest = all.reduce((most, { values }) => Math.max(most, values.length), 2);
  const { domain, ticks } = logDomain(
    Float64Array.from(all.flatMap(({ values }) => [...values])),
    curve.tolerance,
  );
  const x = scaleLinear().domain([0, longest - 1]);
  const y = scaleLog()
    .domain([...domain])
    .range([PLOT.bottom - 6, PLOT.top])
    .clamp(true);
  const axes = svg("g", { class: "cot-axes" });
  const curves = all.map((_, i) => svg("path", { class: "cot-runner", "data-runner": i }));
  const ends = all.map((_, i) => svg("circle", { class: "cot-runner-end", "data-runner": i, r: 3.5 }));
  const hair = svg("line", { class: "cot-tokens-marker", y1: PLOT.top, y2: PLOT.bottom });
  const picture = svg(
    "svg",
    { class: "cot-race-plot", height: HEIGHT, "aria-hidden": "true", focusable: "false" },
    axes,
    hair,
    ...curves,
    ...ends,
  );
  const legend = all.map((runner, i) => {
    const swatch = svg("svg", { width: 26, height: 8, "aria-hidden": "true" });
    swatch.append(svg("path", { class: "cot-runner", "data-runner": i, d: "M1,4h24" }));
    return html(
      "li",
      { "data-converged": runner.converged },
      swatch,
      html("bdi", { class: "cot-runner-name" }, runner.name),
      html("span", {}, result(runner)),
    );
  });
  const element = html(
    "section",
    { class: "cot-race", "aria-label": "Solver race" },
    html(
      "div",
      { class: "cot-section-title" },
      html("span", { class: "cot-head-title" }, "solver race"),
      html("span", {}, curve.name),
    ),
    picture,
    html("ul", { class: "cot-race-legend" }, ...legend),
  );
  return {
    element,
    resize(width) {
      picture.setAttribute("width", String(width));
      const right = width - PLOT.right;
      x.range([PLOT.left, right]);
      const across = svg("g", { class: "cot-axis", transform: `translate(0,${PLOT.bottom})` });
      const marks = x.ticks(Math.min(longest - 1, Math.max(2, width / 70))).filter(Number.isInteger);
      select(across).call(
        axisBottom(x)
          .tickValues(marks)
          .tickFormat((k) => Number(k).toLocaleString("en"))
          .tickSize(4)
          .tickSizeOuter(0),
      );
      const up = svg("g", { class: "cot-axis cot-grid", transform: `translate(${PLOT.left},0)` });
      select(up).call(
        axisLeft(y)
          .tickValues([...ticks])
          .tickFormat((value) => shortNumber(Number(value)))
          .tickSize(PLOT.left - right)
          .tickPadding(6),
      );
      const goal =
        curve.tolerance === undefined
          ? []
          : [
              svg("line", {
                class: "cot-tolerance",
                x1: PLOT.left,
                x2: right,
                y1: y(curve.tolerance),
                y2: y(curve.tolerance),
              }),
            ];
      axes.replaceChildren(up, across, ...goal);
      all.forEach(({ values }, i) => {
        const drawable = Float64Array.from(values, (value) =>
          residualKind(value) === "value" ? value : NaN,
        );
        const path = line<number>()
          .defined((k) => drawable[k]! > 0)
          .x((k) => x(k))
          .y((k) => y(drawable[k]!));
        curves[i]!.setAttribute(
          "d",
          path(envelope(drawable, Math.max(1, Math.round(right - PLOT.left)))) ?? "",
        );
        const last = values.length - 1;
        const seen = drawable[last]! > 0;
        ends[i]!.setAttribute("visibility", seen ? "visible" : "hidden");
        ends[i]!.setAttribute("cx", String(x(last)));
        ends[i]!.setAttribute("cy", String(seen ? y(drawable[last]!) : 0));
      });
    },
    mark(iteration) {
      hair.setAttribute("transform", `translate(${x(iteration)},0)`);
    },
  };
}
