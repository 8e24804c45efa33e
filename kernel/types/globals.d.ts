/// <reference path="./tslab.d.ts" />
/**
 * The kernel's own globals, as cells see them. A new global of the host (kernel/src/node/host) gets a line here: without
 * it, cells that use it are stopped by the type check. Say what it does: Shift+Tab in a notebook shows these comments.
 */
import type { CommApi } from "../dist/node/host/comms.js";
import type { InputApi } from "../dist/node/host/input.js";
import type { DisplayApi } from "../dist/node/host/rich/display-api.js";
import type { Progress } from "../dist/node/host/rich/progress.js";
import type { CreateWidget } from "../dist/node/host/rich/widgets/index.js";

declare global {
  /** Show a value now, as the result of a cell is shown. The handle that is returned can change it later. */
  const display: DisplayApi;
  /** Go over items, and show how far the loop is: `for (const x of progress(xs, { label: "fitting" })) …` */
  const progress: Progress;
  /** Ask the reader for a line of text, and wait for it. `{ password: true }` hides what is typed. */
  const input: InputApi["input"];
  /** The notebook as running code sees it: displays, and comms to widgets and extensions. */
  const jupyter: {
    readonly display: DisplayApi;
    /** Remove what the cell has shown so far; with `wait`, when the next output comes, so that nothing flickers. */
    clearOutput(options?: { readonly wait?: boolean }): void;
    /** Show a value in the front end's pager, where it has one (`jupyter console` does). */
    page(value: unknown): Promise<void>;
    readonly comms: CommApi;
    /**
     * A widget whose views run `esm` (an anywidget) and share `state` with the kernel, both ways. Needs the Python package
     * `anywidget` beside JupyterLab. `jupyter.widget({ esm, state: { n: 0 } }).on("change:n", ({ value }) => …)`
     */
    readonly widget: CreateWidget;
    /** A document without a browser: `Plot.plot({ document: jupyter.document, marks })`. Elements show themselves. */
    readonly document: Document;
    /** Make `jupyter.document` the global one, for libraries that take no other: then `d3.create("svg")` works. */
    useDocument(): Document;
    /** Aborted when the cell that reads it is interrupted: for asynchronous code that Stop should end. */
    readonly signal: AbortSignal;
  };
}

export {};
