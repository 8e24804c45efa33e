/** Dense arithmetic in single precision, one thread: products of matrices and attention, ours beside TensorFlow.js and jax-js. */
import { createWasmEngine, hasRelaxedSimd, ops, philox, randomNormal, type Tensor } from "cotangent";

import { median, printTable } from "../table.js";
import { jaxJs, tensorflow } from "./dense-peers.js";

const ROUNDS = 15;
const engine = createWasmEngine();
const [tf, jax] = [await tensorflow(), await jaxJs()];
console.log(`Fused multiply-add in this WebAssembly: ${hasRelaxedSimd() ? "yes" : "no"}.`);

type Work = () => ArrayLike<number> | Promise<ArrayLike<number>>;

/** One after the other in every round, so that all see the same machine. @returns the median of each, in ms */
async function race(
  works: Readonly<Record<string, Work | null>>,
  repetitions: number,
): Promise<Record<string, number>> {
  const times: Record<string, number[]> = {};
  let reference: ArrayLike<number> | undefined;
  for (let round = -2; round < ROUNDS; round++)
    for (const [name, work] of Object.entries(works)) {
      if (work === null) continue;
      let result: ArrayLike<number> = [];
      const before = performance.now();
      for (let i = 0; i < repetitions; i++) result = await work();
      const ms = (performance.now() - before) / repetitions;
      if (round >= 0) (times[name] ??= []).push(ms);
      reference ??= result;
      for (let i = 0; i < reference.length; i += 97)
        if (!(Math.abs(result[i]! - reference[i]!) < 1e-2)) throw new Error(`${name} is wrong at ${i}`);
    }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

const rows: string[][] = [];
function report(what: string, times: Record<string, number>, bar: number | null): void {
  const peers = Object.entries(times).filter(([name]) => name !== "cotangent");
  const best = Math.min(...peers.map(([, ms]) => ms));
  const ratio = best / times["cotangent"]!;
  const ms = (name: string) => (times[name] === undefined ? "–" : times[name].toFixed(2));
  rows.push([
    what,
    ms("cotangent"),
    ms("tfjs"),
    ms("tfjs batched"),
    ms("jax-js"),
    Number.isFinite(ratio) ? ratio.toFixed(2) : "–",
    bar === null ? "" : `≥ ${bar}`,
  ]);
}

const normal = (seed: number, ...shape: number[]) => randomNormal(philox(seed), shape, { engine });

/** Read, and give back. */
function taken(tensor: Tensor): ArrayLike<number> {
  const numbers = tensor.dataSync();
  tensor.dispose();
  return numbers;
}

for (const [n, bar] of [
  [64, null],
  [256, 1.2],
  [512, 1.2],
  [1024, null],
] as const) {
  const [a, b] = [normal(1, n, n), normal(2, n, n)];
  const [ta, tb] = tf ? [tf.tensor2d(a.dataSync(), [n, n]), tf.tensor2d(b.dataSync(), [n, n])] : [];
  const [ja, jb] = jax ? [a, b].map((t) => jax.numpy.array(t.dataSync()).reshape([n, n])) : [];
  const times = await race(
    {
      cotangent: () => taken(a.matmul(b)),
      tfjs: tf && (() => {
        const product = tf.matMul(ta, tb);
        const numbers = product.dataSync();
        product.dispose();
        return numbers;
      }),
      "jax-js": jax && (() => jax.numpy.matmul(ja.ref, jb.ref).data()),
    },
    n <= 64 ? 50 : n <= 256 ? 8 : 2,
  ); // prettier-ignore
  report(`matmul ${n}`, times, bar);
}

const [H, D] = [8, 64];
for (const [S, bar] of [
  [128, 1.8],
  [512, 1.8],
] as const) {
  const [q, k, v] = [normal(1, H, S, D), normal(2, H, S, D), normal(3, H, S, D)];
  const scale = 1 / Math.sqrt(D);
  const numbers = [q, k, v].map((t) => t.dataSync());
  const [tq, tk, tv] = tf ? numbers.map((x) => tf.tensor3d(x, [H, S, D])) : [];
  const [jq, jk, jv] = jax ? numbers.map((x) => jax.numpy.array(x).reshape([H, S, D])) : [];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see dense-peers
  type Any = any;
  const softmax = (s: Any) => {
    const e = tf.exp(tf.sub(s, tf.max(s, -1, true)));
    return tf.div(e, tf.sum(e, -1, true));
  };
  // Not returned as numbers from tidy, which would walk through all of them.
  const tfRead = (make: () => Any) => {
    const tensor = tf.tidy(make);
    const all = tensor.dataSync();
    tensor.dispose();
    return all;
  };
  const jitted = jax?.jit((Q: Any, K: Any, V: Any) =>
    jax.numpy.matmul(
      jax.nn.softmax(jax.numpy.matmul(Q, jax.numpy.transpose(K, [0, 2, 1])).mul(scale), -1),
      V,
    ),
  );
  const times = await race(
    {
      cotangent: () => taken(ops.attention(q, k, v)),
      // Its fast product is of two matrices, none transposed: head by head.
      tfjs: tf && (() => tfRead(() => {
        const [qs, ks, vs] = [tq, tk, tv].map((x: Any) => tf.unstack(x));
        return tf.stack(qs.map((one: Any, h: number) => tf.matMul(softmax(tf.mul(tf.matMul(one, tf.transpose(ks[h])), scale)), vs[h])));
      })),
      "tfjs batched": tf && (() => tfRead(() => tf.matMul(softmax(tf.mul(tf.matMul(tq, tk, false, true), scale)), tv))),
      "jax-js": jax && (() => jitted(jq.ref, jk.ref, jv.ref).data()),
    },
    S === 128 ? 5 : 1,
  ); // prettier-ignore
  report(`attention ${H} × ${S} × ${D}`, times, bar);
}
printTable(
  ["float32, ms (medians)", "cotangent", "tfjs", "tfjs batched", "jax-js", "× the faster", "bar"],
  rows,
);
process.exit(0);
