/** The sites of a run at its start: checked, introduced, and found to train the same model. */
import { OptionError } from "../errors.js";
import { checkChoice, checkOptionNames } from "../options.js";
import { SiteFailedError, SiteMismatchError } from "./errors.js";
import type { ChosenMethod } from "./methods/table.js";
import type { Model, Optimiser, Site } from "./model.js";
import { Part } from "./part.js";
import type { Introduction, Participant, RemoteSite } from "./participant.js";
import { checkSameParameters } from "./plan.js";

export const isRemote = (site: Site | RemoteSite): site is RemoteSite => "connect" in site;

export interface Started {
  readonly sites: readonly Participant[];
  readonly isSum: boolean;
}

/**
 * All sites at the start. None is left connected where one cannot be.
 * @throws OptionError, UnknownOptionError, SiteMismatchError, SiteFailedError
 */
export async function started(
  sites: readonly (Site | RemoteSite)[],
  model: Model,
  optimiser: Optimiser | undefined,
  chosen: ChosenMethod,
): Promise<Started> {
  if (sites.length === 0) throw new OptionError("sites should be a list of at least one site; got none.");
  const names = sites.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new OptionError(`sites should have names of their own; two are called "${twice}".`);
  const settled = await Promise.allSettled(
    sites.map((site, index) => joined(site, index, model, optimiser, chosen)),
  );
  const parts = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  try {
    for (const each of settled) if (each.status === "rejected") throw each.reason;
    const introductions = await Promise.all(parts.map((part) => introduced(part)));
    checkSameReduction(introductions);
    checkSameParameters(introductions);
    return { sites: parts, isSum: introductions[0]!.reduction === "sum" };
  } catch (error) {
    await Promise.all(parts.map((part) => part.close()));
    throw error;
  }
}

async function joined(
  site: Site | RemoteSite,
  index: number,
  model: Model,
  optimiser: Optimiser | undefined,
  chosen: ChosenMethod,
): Promise<Participant> {
  if (isRemote(site)) {
    try {
      return await site.connect(index, chosen);
    } catch (error) {
      throw new SiteFailedError(site.name, 0, error, "It never took part.");
    }
  }
  checkOptionNames(site, ["name", "batch", "model"], `site "${site.name}"`);
  const own = checkModel(site.model ?? model);
  if (optimiser === undefined)
    throw new OptionError(`site "${site.name}" is in this process, so the run needs an optimiser.`);
  return new Part(site, own, optimiser, chosen, index);
}

export function checkModel(model: Model): Model {
  checkOptionNames(model, ["params", "loss", "reduction"], "model");
  checkChoice(model.reduction ?? "mean", "reduction", ["mean", "sum"]);
  return model;
}

async function introduced(part: Participant): Promise<Introduction> {
  try {
    return await part.introduce();
  } catch (error) {
    throw new SiteFailedError(part.name, 0, error, "It never took part.");
  }
}

function checkSameReduction([first, ...others]: readonly Introduction[]): void {
  for (const { site, reduction } of others)
    if (reduction !== first!.reduction)
      throw new SiteMismatchError(
        `Site "${site}" has the loss of a batch as its ${reduction}, and site "${first!.site}" as its ` +
          `${first!.reduction}. Give all models the same reduction.`,
      );
}
