/** A step of training: forward and backward of a transformer encoder of two layers, beside TensorFlow.js on WebAssembly. */
import { ops, philox, randomNormal, type Tensor, valueAndGrad, createWasmEngine, setEngine } from "cotangent";
import { encoder } from "cotangent/nn";

import { median, printTable, spread } from "../table.js";
import { tensorflow } from "./dense-peers.js";

// One thread, as the peers.
setEngine(createWasmEngine());

const [BATCH, SEQUENCE, WIDTH, HEADS, DEPTH, HIDDEN] = [8, 64, 128, 4, 2, 512];
const ROUNDS = 11;
const tf = await tensorflow();

const layer = encoder(DEPTH, WIDTH, { heads: HEADS, hidden: HIDDEN, activation: "relu" });
const params = layer.init(philox(1));
const x = randomNormal(philox(2), [BATCH, SEQUENCE, WIDTH]);
const loss = (p: typeof params): Tensor => ops.mean(layer.apply(p, x).square());

const step = valueAndGrad(loss);
function ours(): number {
  const [value, gradients] = step(params);
  const result = value.item();
  value.dispose();
  for (const leaf of leaves(gradients)) leaf.dispose();
  return result;
}

function leaves(tree: unknown): Tensor[] {
  if (typeof tree === "object" && tree !== null && "shape" in tree) return [tree as Tensor];
  return Object.values(tree as object).flatMap(leaves);
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- its types are not installed
type Any = any;

/** The same network in TensorFlow.js: its heads one by one, whose products are of two matrices, or all in one product. */
function theirs(isBatched: boolean): () => number {
  const names = leaves(params);
  const weights: Any[] = names.map((leaf) => tf.variable(tf.tensor(leaf.dataSync(), leaf.shape)));
  const at = (leaf: Tensor): Any => weights[names.indexOf(leaf)];
  const input = tf.tensor(x.dataSync(), [BATCH * SEQUENCE, WIDTH]);
  const depth = WIDTH / HEADS;
  const linear = (p: { weight: Tensor; bias?: Tensor }, y: Any) =>
    tf.add(tf.matMul(y, at(p.weight)), at(p.bias!));
  const norm = (p: { gain: Tensor; shift: Tensor }, y: Any) => {
    const mean = tf.mean(y, -1, true);
    const centred = tf.sub(y, mean);
    const variance = tf.mean(tf.mul(centred, centred), -1, true);
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), at(p.gain)), at(p.shift));
  };
  const softmax = (s: Any) => {
    const e = tf.exp(tf.sub(s, tf.max(s, -1, true)));
    return tf.div(e, tf.sum(e, -1, true));
  };
  const split = (y: Any) =>
    (isBatched ? (z: Any) => z : tf.unstack)(tf.reshape(tf.transpose(tf.reshape(y, [BATCH, SEQUENCE, HEADS, depth]), [0, 2, 1, 3]), [BATCH * HEADS, SEQUENCE, depth])); // prettier-ignore
  const network = () => {
    let y = input;
    for (const block of params.blocks) {
      const n = norm(block.norms[0], y);
      const { query, key, value, output } = block.attention;
      const [q, k, v] = [query, key, value].map((p) => split(linear(p, n)));
      const head = (v1: Any, scores: Any) => tf.matMul(softmax(tf.mul(scores, 1 / Math.sqrt(depth))), v1);
      const mixed = isBatched
        ? head(v, tf.matMul(q, k, false, true))
        : tf.stack(q.map((one: Any, h: number) => head(v[h], tf.matMul(one, tf.transpose(k[h])))));
      const joined = tf.reshape(tf.transpose(tf.reshape(mixed, [BATCH, HEADS, SEQUENCE, depth]), [0, 2, 1, 3]), [BATCH * SEQUENCE, WIDTH]); // prettier-ignore
      y = tf.add(y, linear(output, joined));
      const [first, second] = block.network.layers as [
        { weight: Tensor; bias?: Tensor },
        { weight: Tensor; bias?: Tensor },
      ];
      y = tf.add(y, linear(second, tf.relu(linear(first, norm(block.norms[1], y)))));
    }
    return tf.mean(tf.mul(y, y));
  };
  return () => {
    const { value, grads } = tf.variableGrads(network);
    const result = value.dataSync()[0];
    value.dispose();
    for (const gradient of Object.values(grads) as Any[]) {
      gradient.dataSync();
      gradient.dispose();
    }
    return result;
  };
}

const works: Record<string, () => number> = {
  cotangent: ours,
  ...(tf && { "tfjs, head by head": theirs(false), "tfjs, batched": theirs(true) }),
};
const times: Record<string, number[]> = {};
const results: Record<string, number> = {};
for (let round = -2; round < ROUNDS; round++)
  for (const [name, work] of Object.entries(works)) {
    const before = performance.now();
    results[name] = work();
    if (round >= 0) (times[name] ??= []).push(performance.now() - before);
  }
if (tf && Math.abs(results["cotangent"]! - results["tfjs"]!) > 1e-3)
  throw new Error(`They differ: ${JSON.stringify(results)}`);
const fastest = Math.min(
  ...Object.entries(times).flatMap(([name, all]) => (name === "cotangent" ? [] : [median(all)])),
);
const ratio = fastest / median(times["cotangent"]!);
printTable(
  ["encoder step, ms", "median (range)", "× faster than tfjs", "bar"],
  Object.entries(times).map(([name, all]) => [
    name,
    spread(all),
    name === "cotangent" ? ratio.toFixed(2) : "",
    name === "cotangent" ? "≥ 2" : "",
  ]),
);
console.log(`on ${x.engine.name}; loss ${results["cotangent"]!.toFixed(5)}`);
process.exit(0);
