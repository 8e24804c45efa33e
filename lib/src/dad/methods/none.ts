/** No sharing: every site trains alone. The lower bound of every comparison. */
import { checkOptionNames } from "../../options.js";
import { leafLike } from "./leaves.js";
import type { Method } from "./method.js";

export const none: Method<null, null> = {
  sends: "nothing",
  aggregates: "nothing",
  reconstructs: "its own gradient",
  isExact: false,
  isShared: false,
  isAllReducible: true,
  showsData: false,
  travels: "nothing",
  options(given) {
    checkOptionNames(given, [], "none");
    return null;
  },
  start: () => null,
  scale: () => 1,
  rounds: [],
  reconstruct: ({ local, params }, _options, state) => ({
    gradients: params.map((leaf, i) => leafLike(leaf, local.gradients[i]!)),
    state,
  }),
  values: () => ({ up: 0, down: 0 }),
};
