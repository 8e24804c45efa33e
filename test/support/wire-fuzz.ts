/** Hostile messages for the wire: nonsense that is rightly signed, and frames that are damaged after they were. */
import fc from "fast-check";

const FIELDS = [
  "code",
  "silent",
  "store_history",
  "stop_on_error",
  "allow_stdin",
  "user_expressions",
  "cursor_pos",
  "detail_level",
  "comm_id",
  "target_name",
  "data",
  "restart",
  "hist_access_type",
  "n",
  "session",
  "start",
  "stop",
  "pattern",
  "raw",
  "output",
  "unique",
  "subshell_id",
  "value",
  "__proto__",
  "constructor",
  "toString",
];

const deep = (levels: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
};

const nonsense = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1e308,
    "",
    "x",
    "🐎",
    "\ud800",
    "__proto__",
    [],
    {},
    [[]],
    deep(1000),
    { __proto__: { polluted: 1 } },
    JSON.parse('{"__proto__": {"polluted": true}}'),
  ),
  fc.jsonValue(),
  fc.string({ maxLength: 50 }),
);

/** The text of a content. */
export const fuzzedContent = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), nonsense), { maxLength: 6 })
  .map(
    (entries) =>
      `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`,
  );

/** The text of a header, of one of these types or of one that does not exist. */
export const fuzzedHeader = (types: readonly string[]) =>
  fc
    .record({
      type: fc.constantFrom(...types, "made_up_request", "constructor", "__proto__", ""),
      id: fc.oneof(fc.uuid(), fc.constantFrom("", "same", "__proto__")),
      extra: nonsense,
    })
    .map(({ type, id, extra }) =>
      JSON.stringify({
        msg_id: id,
        msg_type: type,
        session: extra,
        username: extra,
        date: extra,
        version: extra,
        subshell_id: extra,
      }),
    );

/** What is done to the frames of a rightly signed message, after it was signed. */
export const damage = fc.record({
  kind: fc.constantFrom("none", "none", "drop", "repeat", "flip", "cut", "swap"),
  at: fc.nat(),
  by: fc.integer({ min: 1, max: 255 }),
});

export type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

/** Damage the frames in place. */
export function inflict({ kind, at, by }: Damage, frames: Uint8Array[]): void {
  const place = at % frames.length;
  const victim = frames[place]!;
  if (kind === "drop") frames.splice(place, 1);
  else if (kind === "repeat") frames.splice(place, 0, victim);
  else if (kind === "flip" && victim.length > 0) victim[at % victim.length]! ^= by;
  else if (kind === "cut") frames[place] = victim.subarray(0, at % (victim.length + 1));
  else if (kind === "swap") frames.reverse();
}
