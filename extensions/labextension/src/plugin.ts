/** Plugins: commands that steer the computation of the notebook in front (pause, step, go on, stop), and keys that pass views. */
import { ICommandPalette } from "@jupyterlab/apputils";
import { INotebookTracker } from "@jupyterlab/notebook";
import type { Kernel } from "@jupyterlab/services";
import type { CommandRegistry } from "@lumino/commands";
import { passChords } from "./chords.js";
import { ask } from "./steering/kernel-comm.js";
import { findKernelsBy } from "./steering/of-output.js";
import { wishes } from "./steering/wishes.js";

/** Our kernel's name in its kernelspec: no other one listens. */
const KERNEL = "cotangent";

interface Application {
  readonly commands: CommandRegistry;
}

const steering = {
  id: "@cotangent/labextension:steering",
  description: "Pauses, steps and stops a solve or a training run of the Cotangent library.",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette],
  activate({ commands }: Application, tracker: INotebookTracker, palette: ICommandPalette | null): void {
    const kernelOf = (panel: INotebookTracker["currentWidget"]): Kernel.IKernelConnection | null => {
      const found = panel?.sessionContext.session?.kernel ?? null;
      return found?.name === KERNEL ? found : null;
    };
    const kernel = () => kernelOf(tracker.currentWidget);
    findKernelsBy((node) => kernelOf(tracker.find((panel) => panel.node.contains(node)) ?? null));
    for (const { wish, command, label, caption } of wishes) {
      commands.addCommand(command, {
        label,
        caption,
        isEnabled: () => kernel() !== null,
        execute: () => {
          const current = kernel();
          if (current !== null) ask(current, wish);
        },
      });
      palette?.addItem({ command, category: "Cotangent" });
    }
    tracker.currentChanged.connect(() => commands.notifyCommandChanged());
  },
};

const chords = {
  id: "@cotangent/labextension:chords",
  description: "Lets Ctrl+S and other chords reach the application from the controls of Cotangent's views.",
  autoStart: true,
  activate: passChords,
};

export default [steering, chords];
