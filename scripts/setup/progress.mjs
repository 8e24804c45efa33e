/** One line per step of the set-up: what is being done, then how long it took. */

const TICK_MS = 1000;

/**
 * @template T
 * @param {string} label for example "npm packages"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work, { out = process.stdout, now = () => performance.now() } = {}) {
  const started = now();
  const seconds = (digits) => ((now() - started) / 1000).toFixed(digits);
  // On a terminal the line is written over and counts the seconds; elsewhere a step has two lines.
  const write = (line) => out.write(out.isTTY ? `\r${line.padEnd(label.length + 16)}` : `${line}\n`);
  write(`  ${label} …`);
  const ticking = out.isTTY ? setInterval(() => write(`  ${label} … ${seconds(0)} s`), TICK_MS) : undefined;
  const end = (mark) => {
    clearInterval(ticking);
    write(`${mark} ${label} (${seconds(1)} s)`);
    if (out.isTTY) out.write("\n");
  };
  try {
    const result = await work();
    end("✓");
    return result;
  } catch (error) {
    end("✗");
    throw error;
  }
}
