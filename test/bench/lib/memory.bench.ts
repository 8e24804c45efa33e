/** What derivatives of long iterations keep: nodes on tapes for a solution (implicit) and a loop (unrolled, checkpointed, revolved). */
import {
  checkpoint,
  grad,
  implicit,
  observeTapes,
  ops,
  revolve,
  revolveCost,
  type TapeNode,
} from "cotangent";

import { printTable } from "../table.js";

/** The most nodes that one tape had, and how often the step was evaluated. */
function cost(
  f: (a: number) => number,
  evaluations: () => number,
): { readonly nodes: number; readonly evaluations: number } {
  const before = evaluations();
  const nodes = new Map<number, number>();
  observeTapes({ node: (_node: TapeNode, tape) => void nodes.set(tape, (nodes.get(tape) ?? 0) + 1) }, () =>
    grad(f)(0.9),
  );
  return { nodes: Math.max(...nodes.values()), evaluations: evaluations() - before };
}

let steps = 0;
const step = (z: number, a: number): number => {
  steps++;
  return ops.cos(ops.mul(z, a));
};
const counted = () => steps;
const rows: string[][] = [];
for (const n of [16, 64, 256, 1024]) {
  const unrolled = (a: number) => {
    let z: number = 0.5;
    for (let i = 0; i < n; i++) z = step(z, a);
    return z;
  };
  const pieces = Math.round(Math.sqrt(n));
  const piece = checkpoint((z: number, a: number) => {
    let at = z;
    for (let i = 0; i < n / pieces; i++) at = step(at, a);
    return at;
  });
  const checkpointed = (a: number) => {
    let z: number = 0.5;
    for (let i = 0; i < pieces; i++) z = piece(z, a);
    return z;
  };
  const snapshots = 5;
  const loop = revolve(step as never, n, { snapshots }) as unknown as (z: number, a: number) => number;
  const solve = implicit(step, {
    kind: "fixedPoint",
    // So many iterations, whatever the residual.
    solve: (start, a) => {
      let z = start;
      for (let i = 0; i < n; i++) z = step(z, a);
      return z;
    },
    tolerance: 10,
  });
  const works = {
    unrolled: cost(unrolled, counted),
    [`checkpoint, √n pieces`]: cost(checkpointed, counted),
    [`revolve, ${snapshots} snapshots`]: cost((a) => loop(0.5, a), counted),
    implicit: cost((a) => solve(0.5, a), counted),
  };
  for (const [what, { nodes, evaluations }] of Object.entries(works)) {
    const formula = what.startsWith("revolve") ? String(2 * n + revolveCost(n, snapshots)) : "";
    rows.push([String(n), what, String(nodes), String(evaluations), formula]);
  }
}
printTable(["steps", "how", "nodes of the largest tape", "evaluations of the step", "by the formula"], rows);
