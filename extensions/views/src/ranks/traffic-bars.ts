/** Who sent how much of what: bytes by layer, stacked by site, beside the bytes of the closed formula. */
import { axis, baseLayout, COLOUR_COUNT, colourOf, type Look } from "./look.js";
import type { RanksModel } from "./model.js";
import type { Panel, Place } from "./panel.js";
import { plotlyText } from "./plotly.js";
import { byteCount, layerLabel } from "./wording.js";

/** More layers than have room: the largest, and the rest as one. */
const MOST_LAYERS = 10;

export interface Traffic {
  /** Labels, from the top. */
  readonly layers: readonly string[];
  readonly sites: readonly string[];
  /** [sites][layers] */
  readonly up: readonly (readonly number[])[];
  readonly upFormula: readonly (readonly number[])[];
  readonly down: readonly (readonly number[])[];
  readonly downFormula: readonly (readonly number[])[];
}

/** The sites that have a colour of their own, and the others as one. */
function siteGroups({ siteNames }: RanksModel): { name: string; members: number[] }[] {
  const all = siteNames.map((name, s) => ({ name, members: [s] }));
  if (all.length <= COLOUR_COUNT) return all;
  const own = all.slice(0, COLOUR_COUNT - 1);
  const rest = all.slice(own.length).flatMap(({ members }) => members);
  return [...own, { name: `${rest.length} other sites`, members: rest }];
}

function layerGroups(model: RanksModel, frame: number): { name: string; members: number[] }[] {
  const { trace } = model;
  const all = trace.layers.map((_, l) => ({ name: layerLabel(model, l), members: [l] }));
  if (all.length <= MOST_LAYERS) return all;
  const [L, S] = [trace.layers.length, trace.sites.length];
  const sum = (l: number) =>
    trace.bytes.up.subarray((frame * L + l) * S, (frame * L + l + 1) * S).reduce((a, b) => a + b, 0);
  const order = trace.layers.map((_, l) => l).sort((a, b) => sum(b) - sum(a));
  const own = order.slice(0, MOST_LAYERS - 1).sort((a, b) => a - b);
  const rest = order.slice(own.length);
  return [...own.map((l) => all[l]!), { name: `${rest.length} other layers`, members: rest }];
}

/** Sums at a recorded step, from the start of the run. */
export function trafficAt(model: RanksModel, frame: number): Traffic {
  const { trace } = model;
  const [L, S] = [trace.layers.length, trace.sites.length];
  // By the end of the run, so that a bar keeps its place while the reader scrubs.
  const layers = layerGroups(model, model.frames - 1);
  const sites = siteGroups(model);
  const sums = (bytes: Float64Array) =>
    sites.map(({ members }) =>
      layers.map((layer) =>
        layer.members.reduce((sum, l) => sum + members.reduce((part, s) => part + bytes[(frame * L + l) * S + s]!, 0), 0),
      ),
    ); // prettier-ignore
  const { up, down, upFormula, downFormula } = trace.bytes;
  return {
    layers: layers.map(({ name }) => name),
    sites: sites.map(({ name }) => name),
    up: sums(up),
    down: sums(down),
    upFormula: sums(upFormula),
    downFormula: sums(downFormula),
  };
}

/** How far what was sent is from the formulas, over all layers and sites: the largest difference in bytes. */
export function offFormula({ trace }: RanksModel, frame: number): number {
  const row = trace.layers.length * trace.sites.length;
  const { up, down, upFormula, downFormula } = trace.bytes;
  let most = 0;
  for (let i = frame * row; i < (frame + 1) * row; i++)
    most = Math.max(most, Math.abs(up[i]! - upFormula[i]!), Math.abs(down[i]! - downFormula[i]!));
  return most;
}

const total = (sums: readonly (readonly number[])[]): number =>
  sums.reduce((sum, row) => sum + row.reduce((part, value) => part + value, 0), 0);

const longest = (sums: readonly (readonly number[])[]): number =>
  Math.max(0, ...(sums[0] ?? []).map((_, l) => sums.reduce((sum, row) => sum + row[l]!, 0)));

/** The largest of 1, 1e3, 1e6 … that is not above. */
const unitOf = (bytes: number): number =>
  10 ** (3 * Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));

function chart(model: RanksModel, { frame }: Place, look: Look) {
  const now = trafficAt(model, frame);
  const end = trafficAt(model, model.frames - 1);
  const ways = [
    { name: "up", sent: now.up, formula: now.upFormula, most: Math.max(longest(end.up), longest(end.upFormula)), xaxis: "x", yaxis: "y" },
    { name: "down", sent: now.down, formula: now.downFormula, most: Math.max(longest(end.down), longest(end.downFormula)), xaxis: "x2", yaxis: "y2" },
  ]; // prettier-ignore
  const y = now.layers.map((_, l) => l);
  const data = ways.flatMap(({ name: way, sent, formula, most, xaxis, yaxis }) => {
    const unit = unitOf(most);
    return now.sites.flatMap((site, s) =>
      [
        { of: "sent", sums: sent[s]!, offset: 0, marker: { color: colourOf(look, s) } },
        { of: "by formula", sums: formula[s]!, offset: 1, marker: { color: "rgba(0,0,0,0)", line: { color: colourOf(look, s), width: 1.25 } } },
      ].map(({ of, sums, offset, marker }) => ({
        type: "bar",
        orientation: "h",
        xaxis,
        yaxis,
        x: sums.map((value) => value / unit),
        y,
        offsetgroup: offset,
        customdata: sums.map((value) => byteCount(value)),
        text: now.layers.map(plotlyText),
        textposition: "none",
        name: plotlyText(site.length > 24 ? `${site.slice(0, 23)}…` : site),
        legendgroup: `site ${s}`,
        showlegend: way === "up" && of === "sent",
        marker,
        hovertemplate: `%{fullData.name}, %{text}<br>${way}, ${of}: %{customdata}<extra></extra>`,
      })),
    );
  }); // prettier-ignore
  const names = now.layers.map((name) => plotlyText(name.length > 18 ? `${name.slice(0, 17)}…` : name));
  const bars = {
    tickvals: y,
    ticktext: names,
    range: [y.length - 0.5, -0.5],
    showgrid: false,
    zeroline: false,
  };
  const across = ({ name, most }: (typeof ways)[number], more: object) =>
    axis(look, `${name} / ${byteCount(unitOf(most)).replace("1 ", "")}`, { range: [0, (most / unitOf(most)) * 1.04 || 1], nticks: 5, ...more }); // prettier-ignore
  return {
    data,
    layout: {
      ...baseLayout(look, Math.max(220, 110 + 42 * y.length)),
      barmode: "stack",
      bargap: 0.28,
      bargroupgap: 0.1,
      showlegend: true,
      xaxis: across(ways[0]!, { domain: [0, 0.47] }),
      xaxis2: across(ways[1]!, { domain: [0.53, 1], anchor: "y2" }),
      yaxis: axis(look, "", bars),
      yaxis2: axis(look, "", { ...bars, anchor: "x2", showticklabels: false }),
    },
  };
}

export const trafficPanel: Panel = {
  name: "traffic",
  title: "Bytes by layer and site",
  chart,
  dependsOn: ({ frame }) => String(frame),
  hasSteps: false,
  caption(model, { frame, step }) {
    const { up, down } = trafficAt(model, frame);
    const off = offFormula(model, frame);
    const agrees = off === 0 ? "the same to the byte" : `up to ${byteCount(off)} apart`;
    return `Until step ${step}: ${byteCount(total(up))} up, ${byteCount(total(down))} down. Filled: sent; outlined: by the closed formula, ${agrees}.`;
  },
};
