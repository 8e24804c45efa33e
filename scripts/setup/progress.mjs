/** One line per step of the set-up: what is being done, then how long it took. */

/**
 * @template T
 * @param {string} label for example "npm packages"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work, { out = process.stdout, now = () => performance.now() } = {}) {
  const started = now();
  const begin = `  ${label} …`;
  out.write(out.isTTY ? begin : `${begin}\n`);
  const end = (mark) => {
    const seconds = ((now() - started) / 1000).toFixed(1);
    const line = `${mark} ${label} (${seconds} s)`;
    out.write(out.isTTY ? `\r${line.padEnd(begin.length)}\n` : `${line}\n`);
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
