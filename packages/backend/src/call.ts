// One call of a kernel: its argument words, written in order, then run.

/** Anything that lives in the heap: a storage or a block. */
export interface Located {
  readonly offset: number;
}

/**
 * Writes a kernel's argument words into the shared buffer in the order in which the kernel's `Args` reads them, and
 * runs it. There is one instance a library: start with `begin`, end with `run`, allocate before `begin`.
 */
export class Call {
  readonly #execute: (opcode: number) => void;
  #ints = new Int32Array(0);
  #floats = new Float32Array(0);
  #opcode = 0;
  #at = 0;

  constructor(execute: (opcode: number) => void) {
    this.#execute = execute;
  }

  /** Points at the argument buffer (anew, when memory grew). */
  attach(buffer: ArrayBuffer, byteOffset: number, words: number): void {
    this.#ints = new Int32Array(buffer, byteOffset, words);
    this.#floats = new Float32Array(buffer, byteOffset, words);
  }

  begin(opcode: number): this {
    this.#opcode = opcode;
    this.#at = 0;
    return this;
  }

  /** Lets another call run while this one is being written; the result continues this one. */
  suspend(): () => void {
    const [opcode, at, words] = [this.#opcode, this.#at, this.#ints.slice(0, this.#at)];
    return () => {
      this.#ints.set(words);
      this.#opcode = opcode;
      this.#at = at;
    };
  }

  /** A tensor or block; read by `ptr()` or `ints()`. */
  tensor(located: Located): this {
    this.#ints[this.#at++] = located.offset;
    return this;
  }

  /** A tensor that may be missing; read by `optional()` or `optionalInts()`. */
  optional(located: Located | null | undefined): this {
    this.#ints[this.#at++] = located ? located.offset : -1;
    return this;
  }

  /** A whole number (also a count up to 2^32, or a truth value); read by `i32()`. */
  int(value: number | boolean): this {
    this.#ints[this.#at++] = Number(value);
    return this;
  }

  /** Several whole numbers, without their count. */
  ints(values: ArrayLike<number>): this {
    for (let i = 0; i < values.length; ++i) this.#ints[this.#at++] = values[i] as number;
    return this;
  }

  /** A float; read by `f32()`. */
  float(value: number): this {
    this.#floats[this.#at++] = value;
    return this;
  }

  run(): void {
    this.#execute(this.#opcode);
  }

  /** A whole number that the kernel just run left in the argument buffer. */
  resultInt(index: number): number {
    return this.#ints[index] as number;
  }

  /** A float that the kernel just run left in the argument buffer. */
  resultFloat(index: number): number {
    return this.#floats[index] as number;
  }
}
