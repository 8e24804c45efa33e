/** The client of the server tells the console of every connection. In a notebook that is output, with another port every time. */

const CHATTER = /^(Starting WebSocket: |Kernel: [a-z_]+ \()/;

let users = 0;
let restore: () => void = () => {};

/** Leave that out of `console.debug`, and nothing else, until the function that is returned is called. */
export function quietly(): () => void {
  if (users++ === 0) {
    const debug = console.debug;
    console.debug = (...said: unknown[]) => {
      if (!(typeof said[0] === "string" && CHATTER.test(said[0]))) debug(...said);
    };
    restore = () => (console.debug = debug);
  }
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    if (--users === 0) restore();
  };
}
