/** The transport: play, step, speed, loop, the slider and the counter; it owns no state, it reports what was asked. */
import { html, OWN_KEYS, setText } from "./dom.js";
import { icon, type IconName } from "./icons.js";

export interface TransportRequests {
  toggle(): void;
  step(by: number): void;
  /** @param position where the slider was dragged to, possibly fractional */
  seek(position: number): void;
  rate(framesPerSecond: number): void;
  loop(on: boolean): void;
}

export interface TransportOptions {
  /** The slider runs over iterations 0…last, like the strip below it. */
  readonly last: number;
  /** Whether there is nothing to play: everything is disabled. */
  readonly single: boolean;
  readonly rates: readonly number[];
  readonly rate: number;
  readonly loop: boolean;
  /** What a frame is, for the speed's unit: "iterations" or "frames". */
  readonly unit: string;
  /** What the slider runs over, for a screen reader. */
  readonly name: string;
}

export interface TransportState {
  /** An iteration; may lie between two while playing. */
  readonly at: number;
  readonly playing: boolean;
  readonly rate: number;
  /** "iteration 12 of 39" */
  readonly counter: string;
  /** "residual 1.2e-3" */
  readonly detail: string;
  /** The same and more, for a screen reader. */
  readonly spoken: string;
}

export interface Transport {
  /** Buttons, counter, speed. */
  readonly bar: HTMLElement;
  readonly slider: HTMLInputElement;
  update(state: TransportState): void;
}

export function transport(
  { last, single, rates, rate, loop: loops, unit, name }: TransportOptions,
  asked: TransportRequests,
  signal: AbortSignal,
): Transport {
  const button = (name: IconName, label: string, kind: string, press: () => void) => {
    const element = html(
      "button",
      { type: "button", class: `cot-button ${kind}`, title: label, "aria-label": label, ...OWN_KEYS },
      icon(name),
    );
    element.disabled = single;
    element.addEventListener("click", press, { signal });
    return element;
  };
  const back = button("back", "Step back (←)", "cot-step-back", () => asked.step(-1));
  const play = button("play", "Play (space)", "cot-play", () => asked.toggle());
  const forward = button("forward", "Step forward (→)", "cot-step-forward", () => asked.step(1));
  const loop = button("loop", "Loop", "cot-loop", () => {
    const on = loop.getAttribute("aria-pressed") !== "true";
    loop.setAttribute("aria-pressed", String(on));
    asked.loop(on);
  });
  loop.setAttribute("aria-pressed", String(loops));

  const speed = html(
    "select",
    {
      class: "cot-speed",
      "aria-label": `Speed, ${unit} per second`,
      title: `Speed, ${unit} per second`,
      ...OWN_KEYS,
    },
    ...rates.map((value) =>
      html("option", { value, selected: value === rate }, String(value).replace("0.5", "½")),
    ),
  );
  speed.disabled = single;
  speed.addEventListener("change", () => asked.rate(Number(speed.value)), { signal });

  const slider = html("input", {
    type: "range",
    class: "cot-slider",
    min: 0,
    max: Math.max(last, 1),
    // Any: while playing, the thumb stands between two iterations; what the reader drags snaps to a stored one.
    step: "any",
    value: 0,
    "aria-label": name,
    ...OWN_KEYS,
  });
  slider.disabled = single;
  slider.addEventListener("input", () => asked.seek(slider.valueAsNumber), { signal });

  const counter = html("output", { class: "cot-counter", "aria-live": "off" });
  const detail = html("span", { class: "cot-residual" });
  const bar = html(
    "div",
    { class: "cot-transport", role: "group", "aria-label": "Playback" },
    html("div", { class: "cot-buttons" }, back, play, forward),
    html("div", { class: "cot-now" }, counter, detail),
    html(
      "div",
      { class: "cot-settings" },
      speed,
      html("span", { class: "cot-unit", "aria-hidden": "true" }, `${unit}/s`),
      loop,
    ),
  );

  let playing = false;
  return {
    bar,
    slider,
    update(state) {
      slider.value = String(state.at);
      // Of what the slider runs over now: a run that goes on has moved its end.
      const share = (100 * state.at) / (Number(slider.max) || 1);
      slider.style.setProperty("--cot-share", `${share}%`);
      if (slider.getAttribute("aria-valuetext") !== state.spoken) {
        slider.setAttribute("aria-valuetext", state.spoken);
      }
      if (Number(speed.value) !== state.rate) speed.value = String(state.rate);
      setText(counter, state.counter);
      setText(detail, state.detail);
      if (state.playing === playing) return;
      playing = state.playing;
      const label = playing ? "Pause (space)" : "Play (space)";
      play.replaceChildren(icon(playing ? "pause" : "play"));
      play.title = label;
      play.setAttribute("aria-label", label);
    },
  };
}
