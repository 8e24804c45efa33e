/** Sliders over a view that solve its problem again: the view is replaced, the sliders stay under the reader's hand. */
import { type AttentionTrace, type BinaryBuffer, decodeAttentionTrace, shortNumber } from "cotangent/trace";
import { html, OWN_KEYS, setText } from "../common/dom.js";
import type { AttentionView, AttentionViewOptions } from "./options.js";
import { attentionView } from "./view.js";

/** What the reader chose. */
export interface SolveSettings {
  /** [H] */
  readonly temperature: readonly number[];
  readonly damping: number;
}

/** A trace as it comes from a kernel. */
export interface Resolved {
  readonly data: unknown;
  readonly buffers: readonly BinaryBuffer[];
}

/** Solves again; rejects with a sentence for the reader. */
export type Resolve = (settings: SolveSettings) => Promise<Resolved>;

/** The temperature slider is logarithmic: from a tenth to ten times what it was. */
const DECADES = 1;

export function resolvingView(
  host: HTMLElement,
  trace: AttentionTrace,
  { resolve, ...options }: AttentionViewOptions & { readonly resolve: Resolve },
): AttentionView {
  const life = new AbortController();
  const { signal } = life;
  const slider = (name: string, min: number, max: number, step: number, value: number) => {
    const input = html("input", {
      type: "range",
      class: "cot-range",
      min,
      max,
      step,
      value,
      "aria-label": name,
      ...OWN_KEYS,
    });
    const output = html("output", { class: "cot-damping" });
    input.addEventListener("input", ask, { signal });
    return {
      input,
      output,
      row: html("label", { class: "cot-damping-row" }, html("span", {}, name), input, output),
    };
  };
  const heat = slider("temperature of the solve", -DECADES, DECADES, 0.02, 0);
  const damp = slider("damping of the solve", 0.01, 1, 0.01, trace.solver.damping);
  const trouble = html("p", { class: "cot-resolve-trouble", role: "status" });
  const controls = html(
    "div",
    { class: "cot-view cot-resolve", role: "group", "aria-label": "Solve again" },
    heat.row,
    damp.row,
    trouble,
  );
  const inner = html("div", {});
  host.replaceChildren(controls, inner);
  let view = attentionView(inner, trace, options);

  const settings = (): SolveSettings => {
    const factor = 10 ** Number(heat.input.value);
    return {
      temperature: trace.heads.map(({ temperature }) => temperature * factor),
      damping: Number(damp.input.value),
    };
  };
  function say(): void {
    const { temperature, damping } = settings();
    const same = temperature.every((each) => each === temperature[0]);
    setText(
      heat.output,
      same ? shortNumber(temperature[0]!) : `× ${shortNumber(10 ** Number(heat.input.value))}`,
    );
    setText(damp.output, damping.toFixed(2));
  }

  let asking = false;
  let again = false;
  /** One question at a time; what was chosen meanwhile is asked when it is answered. */
  function ask(): void {
    say();
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    again = false;
    resolve(settings())
      .then(({ data, buffers }) => show(decodeAttentionTrace(data, buffers)))
      .catch((error: unknown) => setText(trouble, error instanceof Error ? error.message : String(error)))
      .finally(() => {
        asking = false;
        if (again && !signal.aborted) ask();
      });
  }
  function show(next: AttentionTrace): void {
    if (signal.aborted) return;
    setText(trouble, "");
    const { state } = view;
    // No gap while the view is replaced, so that the page does not jump.
    inner.style.minHeight = `${inner.offsetHeight}px`;
    view.destroy();
    view = attentionView(inner, next, { ...options, state: { ...state, atEnd: true } });
    inner.style.minHeight = "";
  }
  say();

  return {
    get state() {
      return view.state;
    },
    play: () => view.play(),
    pause: () => view.pause(),
    showIteration: (iteration) => view.showIteration(iteration),
    showHead: (head) => view.showHead(head),
    destroy() {
      life.abort();
      view.destroy();
      controls.remove();
      inner.remove();
    },
  };
}
