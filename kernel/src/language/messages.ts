/** What the I/O thread and the language thread say to each other. */
import type { CellSource } from "../core/ports.js";

/** From the I/O thread; every order is answered under its ticket. */
export type LanguageOrder = { readonly ticket: number } & (
  | { readonly type: "open" }
  | { readonly type: "check"; readonly cell: CellSource }
  | { readonly type: "accept"; readonly cell: CellSource }
  | { readonly type: "complete"; readonly source: string; readonly offset: number }
  | { readonly type: "inspect"; readonly source: string; readonly offset: number; readonly detail: number }
);

export type LanguageAnswer =
  /** The engine's process, to be ended when it does not answer. */
  | { readonly type: "started"; readonly pid: number | undefined }
  | { readonly type: "done"; readonly ticket: number; readonly value: unknown }
  | {
      readonly type: "failed";
      readonly ticket: number;
      /** The engine could not be started: there will be no types. */
      readonly gone: boolean;
      readonly message: string;
      readonly stack: string;
    };

export interface LanguageThreadData {
  readonly folder: string;
  /** Set to 1 by the I/O thread before it ends an engine that takes too long. */
  readonly givenUp: Int32Array<SharedArrayBuffer>;
  readonly executable?: string;
}
