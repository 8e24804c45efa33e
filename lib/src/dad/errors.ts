/** The named errors of distributed runs; each names the site, and says what to do. */

import type { DadRun } from "./run.js";

/** Sites that do not train the same model, or whose messages do not fit each other. */
export class SiteMismatchError extends Error {
  override readonly name = "SiteMismatchError";
}

/** A site whose part of a step failed. The error itself is the `cause`. */
export class SiteFailedError extends Error {
  override readonly name = "SiteFailedError";
  readonly site: string;
  readonly step: number;
  /** What had been done before; undefined where the failure is told before the run has ended. */
  readonly run: DadRun | undefined;

  /** @param rest what follows the failure in the message: what the run did, or what to do */
  constructor(site: string, step: number, cause: unknown, rest: string, run?: DadRun) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`Site "${site}" failed in step ${step}: ${why}${/[.!?]$/.test(why) ? "" : "."} ${rest}`, { cause });
    this.site = site;
    this.step = step;
    this.run = run;
  }
}

/** Parameters that should be the same, bit for bit, at all sites, and are not. */
export class SitesDivergedError extends Error {
  override readonly name = "SitesDivergedError";
}

/** A model that a method cannot share, or one whose structure changed after the first step. */
export class SharingError extends Error {
  override readonly name = "SharingError";
}
