/** complete_request and inspect_request: questions about code, answered without running any. */
import { readMagics } from "./magics.js";
import type { Json, Message } from "./message.js";
import type { RequestHandler } from "./request-context.js";

/** Jupyter counts code points, JavaScript UTF-16 units. */
function toUnits(code: string, points: number): number {
  let units = 0;
  for (let left = points; left > 0 && units < code.length; left--)
    units += code.codePointAt(units)! > 0xffff ? 2 : 1;
  return units;
}

const toPoints = (code: string, units: number): number => [...code.slice(0, units)].length;

function question({ content }: Message): { readonly code: string; readonly offset: number } {
  const code = typeof content["code"] === "string" ? content["code"] : "";
  const cursor = content["cursor_pos"];
  const points = typeof cursor === "number" && cursor >= 0 ? cursor : Infinity;
  return { code, offset: toUnits(code, points) };
}

export const languageRequests = {
  complete_request: async ({ language }, request) => {
    const { code, offset } = question(request);
    const { matches, start, end } = (await language?.complete(readMagics(code).source, offset)) ?? {
      matches: [],
      start: offset,
      end: offset,
    };
    const [cursor_start, cursor_end] = [toPoints(code, start), toPoints(code, end)];
    const types = matches.map(({ text, type }) => ({ text, type, start: cursor_start, end: cursor_end }));
    return {
      status: "ok",
      matches: matches.map(({ text }) => text),
      cursor_start,
      cursor_end,
      metadata: { _jupyter_types_experimental: types },
    };
  },
  inspect_request: async ({ language }, request): Promise<Json> => {
    const { code, offset } = question(request);
    const detail = request.content["detail_level"] === 1 ? 1 : 0;
    const found = (await language?.inspect(readMagics(code).source, offset, detail)) ?? null;
    if (found === null) return { status: "ok", found: false, data: {}, metadata: {} };
    const data = { "text/plain": found.plain, "text/markdown": found.markdown };
    return { status: "ok", found: true, data, metadata: {} };
  },
} satisfies Record<string, RequestHandler>;
