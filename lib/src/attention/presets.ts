/** The named attention maps: one row each. */

/**
 * - inject: x enters at every step (the default). Its fixed point z* already contains x: a surrounding block with
 *   a residual connection of its own must add z* − x.
 * - paper: no x inside the loop. The loop provably collapses: equal tokens with uniform attention are always a
 *   fixed point, and a super-attracting one. Kept as a lesson.
 */
export const presets = {
  inject: { inject: true },
  paper: { inject: false },
} as const;

export type AttentionPreset = keyof typeof presets;
