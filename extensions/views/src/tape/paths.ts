/** The Monte-Carlo lens: which of the paths is played. The view of one path knows nothing of the others but how numbers are spread. */
import { shortNumber, traceOfPath, type TapeTrace } from "cotangent/trace";
import { html, OWN_KEYS, setText } from "../common/dom.js";
import type { TapeView, TapeViewOptions, TapeViewState } from "./options.js";
import { pathView } from "./view.js";

/** Paths from the smallest result to the largest; one without a result at the end. */
function orderOf({ paths, outputs, seed, nodes }: TapeTrace): number[] {
  const N = nodes.id.length;
  const output = outputs[seed]?.node ?? 0;
  const result = (path: number) => paths!.value[path * N + output]!;
  const rank = (path: number) => (Number.isNaN(result(path)) ? Infinity : result(path));
  return Array.from({ length: paths!.count }, (_, path) => path).sort((a, b) => rank(a) - rank(b) || a - b);
}

/**
 * Draw a tape into `host`, with a choice of its paths where it has several.
 * @param trace as `decodeTapeTrace` returns it; it is read, never changed
 */
export function tapeView(host: HTMLElement, trace: TapeTrace, options: TapeViewOptions = {}): TapeView {
  const { paths } = trace;
  if (paths === null || paths.count < 2) return pathView(host, trace, options);
  const order = orderOf(trace);
  const place = html("div", { class: "cot-path-view" });
  const slider = html("input", { type: "range", min: 0, max: paths.count - 1, class: "cot-path-slider", "aria-label": "Path, by its result", ...OWN_KEYS }); // prettier-ignore
  const counter = html("output", {});
  const jump = (label: string, at: number) => {
    const button = html("button", { type: "button", class: "cot-node-link", ...OWN_KEYS }, label);
    button.addEventListener("click", () => show(at));
    return button;
  };
  const last = paths.count - 1;
  const bar = html(
    "div",
    { class: "cot-view cot-paths", role: "group", "aria-label": "Paths" },
    html("span", {}, "path, by its result"),
    slider,
    counter,
    jump("least", 0),
    jump("middle", last >> 1),
    jump("largest", last),
  );
  const root = html("div", {}, bar, place);
  host.replaceChildren(root);

  const known = options.state?.path;
  let at = Math.max(0, order.indexOf(known !== undefined && known < paths.count ? known : paths.shown));
  let inner: TapeView | undefined;
  function show(next: number): void {
    at = Math.min(Math.max(next, 0), last);
    const state: TapeViewState | undefined = inner?.state ?? options.state;
    inner?.destroy();
    const path = order[at]!;
    const chosen = traceOfPath(trace, path);
    slider.value = String(at);
    const output = chosen.outputs[chosen.seed]?.node;
    const result = output === undefined ? "" : `, result ${shortNumber(chosen.nodes.value[output]!)}`;
    setText(counter, `${at + 1} of ${paths!.count} (number ${path + 1})${result}`);
    inner = pathView(place, chosen, { ...options, state });
  }
  slider.addEventListener("input", () => show(slider.valueAsNumber));
  show(at);
  return {
    get state() {
      return { ...inner!.state, path: order[at]! };
    },
    play: () => inner!.play(),
    pause: () => inner!.pause(),
    showStep: (step) => inner!.showStep(step),
    showNode: (node) => inner!.showNode(node),
    destroy() {
      inner?.destroy();
      root.remove();
    },
  };
}
