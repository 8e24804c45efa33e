/** The memory of the WebAssembly kernels: blocks by size classes, given out and taken back; more pages when there are no more. */

const PAGE = 65536;
export const MOST_PAGES = 65536;
/** The first bytes are nobody's, so that no address is 0. */
const FIRST = 1024;

export interface ArenaStatistics {
  /** Bytes of blocks that are in use. */
  readonly used: number;
  /** How many blocks are in use. */
  readonly blocks: number;
  /** Bytes that the memory has. */
  readonly reserved: number;
  /** What the arena may hold; beyond it results lie on the ordinary heap. */
  readonly budget: number;
}

/** Sizes are rounded up to four steps an octave: a block serves all requests of its class, and at most a fifth is lost. */
export function classOf(bytes: number): number {
  if (bytes <= 64) return 64;
  const octave = 2 ** Math.floor(Math.log2(bytes - 1));
  const step = octave / 4;
  return Math.ceil(bytes / step) * step;
}

/** The largest class that is not larger. */
function classWithin(bytes: number): number {
  const step = 2 ** Math.floor(Math.log2(bytes)) / 4;
  return Math.floor(bytes / step) * step;
}

export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly budget: number;
  /** Addresses of free blocks by class. */
  readonly #free = new Map<number, number[]>();
  #end = FIRST;
  #used = 0;
  #blocks = 0;
  #floats: Float32Array | null = null;

  /** @param budget bytes; @param isShared whether threads share the memory */
  constructor(budget: number, isShared = false) {
    this.budget = budget;
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared: isShared });
  }

  /** @returns the address of a block; 0 where the budget has none left */
  allocate(bytes: number): number {
    return this.#take(classOf(bytes), this.budget);
  }

  /** A block for the time of one kernel, also beyond the budget. @throws RangeError when WebAssembly has no more memory */
  borrow(bytes: number): number {
    return this.#take(classOf(bytes), MOST_PAGES * PAGE);
  }

  #take(size: number, limit: number): number {
    let address = this.#free.get(size)?.pop();
    if (address === undefined) {
      if (this.#end + size > limit) return this.#takeLarger(size);
      address = this.#end;
      this.#grow(address + size);
      this.#end = address + size;
    }
    this.#used += size;
    this.#blocks++;
    return address;
  }

  /** At the limit a block of a larger class is cut to the size; what is cut off is a block of its own. */
  #takeLarger(size: number): number {
    const classes = [...this.#free.keys()].filter((own) => own > size && this.#free.get(own)!.length > 0);
    if (classes.length === 0) return 0;
    const larger = Math.min(...classes);
    const address = this.#free.get(larger)!.pop()!;
    this.#cut(address + size, larger - size);
    this.#used += size;
    this.#blocks++;
    return address;
  }

  /** Free memory as blocks of the largest classes that fit. */
  #cut(address: number, bytes: number): void {
    while (bytes >= 64) {
      const size = classWithin(bytes);
      this.#put(address, size);
      address += size;
      bytes -= size;
    }
  }

  #put(address: number, size: number): void {
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [address]);
    else free.push(address);
  }

  /** Give a block back. @param bytes what was asked for */
  release(address: number, bytes: number): void {
    const size = classOf(bytes);
    this.#put(address, size);
    this.#used -= size;
    this.#blocks--;
  }

  #grow(end: number): void {
    const missing = end - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    const pages = Math.ceil(missing / PAGE);
    const now = this.memory.buffer.byteLength / PAGE;
    // By half of what there is, so that growing is rare; by what is needed where that is too much.
    const generous = Math.min(Math.max(pages, now >> 1), MOST_PAGES - now);
    try {
      this.memory.grow(Math.max(pages, generous));
    } catch {
      this.memory.grow(pages);
    }
  }

  /** The whole memory as floats, made anew after it has grown. */
  get floats(): Float32Array {
    if (this.#floats === null || this.#floats.buffer !== this.memory.buffer)
      this.#floats = new Float32Array(this.memory.buffer);
    return this.#floats;
  }

  get statistics(): ArenaStatistics {
    const { buffer } = this.memory;
    return { used: this.#used, blocks: this.#blocks, reserved: buffer.byteLength, budget: this.budget };
  }
}
