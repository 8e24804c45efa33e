/** Where in the source the operation on tensors is that is being applied; −1 where nobody says. */
export const here = { site: -1 };

/** Run `body` as the expression at a place. */
export function at<T>(site: number, body: () => T): T {
  const outer = here.site;
  here.site = site;
  try {
    return body();
  } finally {
    here.site = outer;
  }
}
