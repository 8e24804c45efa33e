/** `jupyter.widget(…)`: anywidgets, and every other model of the Jupyter widgets protocol, from a cell. */
import { randomUUID } from "node:crypto";

import type { Comm, CommApi } from "../../comms.js";
import { joinBinary, type Path, splitBinary, type State } from "./binary-state.js";
import { Widget } from "./widget.js";

export interface WidgetOptions {
  /** The source of a front-end module (ESM): `export default { render({ model, el }) { … } }`. See anywidget.dev. */
  readonly esm?: string;
  /** A style sheet for what it renders. */
  readonly css?: string;
  /** What the kernel and the views share: JSON values, and typed arrays, which travel as binary buffers. */
  readonly state?: State;
}

/** Messages of the protocol's version 2; https://github.com/jupyter-widgets/ipywidgets, packages/schema/messages.md */
const TARGET = "jupyter.widget";
const CONTROL = "jupyter.widget.control";
const VERSION = { version: "2.1.0" };

/** The model and view that run an `_esm`. Any version that the front end has. */
const ANYWIDGET: State = {
  _model_module: "anywidget",
  _model_name: "AnyModel",
  _model_module_version: "*",
  _view_module: "anywidget",
  _view_name: "AnyView",
  _view_module_version: "*",
  _view_count: null,
  _dom_classes: [],
};

function initialState({ esm, css, state = {} }: WidgetOptions): State {
  if (esm === undefined && !("_model_name" in state)) {
    throw new TypeError(
      "A widget needs esm, the source of its front-end module; or a state with _model_module and _model_name.",
    );
  }
  // The front end keeps one style sheet for each such id.
  const source: State = {
    _esm: esm,
    _anywidget_id: `cotangent-${randomUUID()}`,
    ...(css === undefined ? {} : { _css: css }),
  };
  return { ...ANYWIDGET, ...(esm === undefined ? {} : source), ...state };
}

export type CreateWidget = (options: WidgetOptions) => Widget;

/** Listens for what front ends ask about widgets; returns the function that makes one. */
export function createWidgets(comms: CommApi): CreateWidget {
  const widgets = new Map<string, Widget>();
  const add = (comm: Comm, state: State): Widget => {
    const widget = new Widget(comm, state);
    widgets.set(comm.id, widget);
    widget.on("close", () => widgets.delete(comm.id));
    return widget;
  };

  comms.register(TARGET, (comm, { data, buffers }) => {
    const { state = {}, buffer_paths } = data as { state?: State; buffer_paths?: unknown };
    add(comm, joinBinary(state, buffer_paths, buffers));
  });
  comms.register(CONTROL, (comm) => {
    comm.onMessage = ({ data }) => {
      if (data["method"] === "request_states") sendStates(comm, widgets);
    };
  });

  return (options) => {
    const initial = initialState(options);
    const { state, paths, buffers } = splitBinary(initial);
    const comm = comms.open(TARGET, { state, buffer_paths: paths }, { metadata: VERSION, buffers });
    return add(comm, initial);
  };
}

/** All models at once: what a page asks for when it is loaded and the kernel is already there. */
function sendStates(comm: Comm, widgets: ReadonlyMap<string, Widget>): void {
  const states: State = {};
  const paths: Path[] = [];
  const buffers = [];
  for (const [id, { state }] of widgets) {
    const split = splitBinary(state);
    states[id] = {
      model_name: state["_model_name"],
      model_module: state["_model_module"],
      model_module_version: state["_model_module_version"],
      state: split.state,
    };
    paths.push(...split.paths.map((path) => [id, "state", ...path]));
    buffers.push(...split.buffers);
  }
  comm.send({ method: "update_states", states, buffer_paths: paths }, { buffers });
}
