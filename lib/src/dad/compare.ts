/** How far what the sites share is from the exact gradient of all of them. */
import type { LedgerUnit } from "./ledger.js";
import { numbersOf } from "./local.js";
import type { Plan } from "./plan.js";
import type { StepErrors } from "./record.js";
import type { Inside } from "./part.js";

/**
 * ‖Ĝ − G‖/‖G‖ and the cosine, for every line of the ledger; the bias counts with its weight. G is the sum of the local
 * gradients, each with its share of the rows.
 * @param shares the scale that each local gradient should have
 */
export async function compareWithExact(
  sites: readonly Inside[],
  plan: Plan,
  units: readonly LedgerUnit[],
  shares: readonly number[],
): Promise<StepErrors> {
  const sums: { distance: number; exact: number; guess: number; product: number }[] = [];
  for (const unit of units) {
    const sum = { distance: 0, exact: 0, guess: 0, product: 0 };
    for (const leaf of leavesOf(plan, unit)) {
      const guess = await numbersOf(sites[0]!.gradients[leaf]);
      for (let i = 0; i < guess.length; i++) {
        let exact = 0;
        sites.forEach(({ local, scale }, s) => (exact += (shares[s]! / scale) * local.gradients[leaf]![i]!));
        sum.distance += (guess[i]! - exact) ** 2;
        sum.exact += exact * exact;
        sum.guess += guess[i]! ** 2;
        sum.product += guess[i]! * exact;
      }
    }
    sums.push(sum);
  }
  return {
    relative: sums.map(({ distance, exact }) => Math.sqrt(distance / exact)),
    cosine: sums.map(({ exact, guess, product }) => product / Math.sqrt(exact * guess)),
  };
}

function leavesOf(plan: Plan, { name }: LedgerUnit): number[] {
  const outer = plan.outers.find((unit) => unit.name === name);
  if (outer) return outer.bias === null ? [outer.weight] : [outer.weight, outer.bias];
  const raw = plan.raws.find((unit) => unit.name === name);
  return raw ? [raw.leaf] : [];
}
