/**
 * What is used of JupyterLab's packages. The host provides them at run time; installing them for their types alone would take
 * half a gigabyte.
 */
declare module "@jupyterlab/notebook" {
  import type { Kernel } from "@jupyterlab/services";
  import type { Token } from "@lumino/coreutils";

  interface NotebookPanel {
    readonly node: HTMLElement;
    readonly sessionContext: {
      readonly session: { readonly kernel: Kernel.IKernelConnection | null } | null;
    };
  }
  export interface INotebookTracker {
    readonly currentWidget: NotebookPanel | null;
    find(test: (panel: NotebookPanel) => boolean): NotebookPanel | undefined;
    readonly currentChanged: { connect(slot: () => void): boolean };
  }
  export const INotebookTracker: Token<INotebookTracker>;
}

declare module "@jupyterlab/apputils" {
  import type { Token } from "@lumino/coreutils";

  export interface ICommandPalette {
    addItem(item: { readonly command: string; readonly category: string }): unknown;
  }
  export const ICommandPalette: Token<ICommandPalette>;
}
