// The loaded kernels, native or WebAssembly, behind one interface: heap views, argument buffer, run.
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Call } from './call.ts';
import { Heap } from './heap.ts';

/** The two builds of the kernels. */
export type Kind = 'native' | 'wasm';

interface Addon {
  open: (maxBytes: number, threads: number) => ArrayBuffer;
  run: (opcode: number) => void;
  opName: (opcode: number) => string | undefined;
  setThreads: (threads: number) => number;
  /** Sanitizer builds only. */
  guard?: (offset: number, words: number, forbidden: boolean) => void;
  freeOffset: number;
  argumentsOffset: number;
}

interface WasmExports {
  memory: { buffer: ArrayBuffer; grow: (pages: number) => number };
  d2l_start: () => number;
  d2l_arguments: () => number;
  d2l_run: (opcode: number) => void;
  d2l_op_count: () => number;
  d2l_op_name: (opcode: number) => number;
}

/** A kernel that ops.def names is not in this build (an unfinished or outdated one). */
export class MissingKernelError extends Error {}

/** Words of the argument buffer; kArgumentWords in abi.h. */
export const ARGUMENT_WORDS = 16384;
const PAGE = 65536;
// Node's types lack it and a browser library would clash with them elsewhere.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate: (bytes: Uint8Array, imports: object) => Promise<{ instance: { exports: unknown } }>;
  };
};

/** The kernels of one build with their heap. There is one instance a kind and process. */
export class Library {
  readonly kind: Kind;
  readonly heap: Heap;
  /** The call being put together; see {@link Call}. */
  readonly call: Call;
  /** The heap as floats. Growing memory replaces the views: read them anew after every allocation. */
  f32!: Float32Array;
  /** The heap as integers. */
  i32!: Int32Array;
  readonly #opcodes = new Map<string, number>();
  readonly #setThreads: (threads: number) => number;
  #threads: number;

  constructor(options: {
    kind: Kind;
    buffer: () => ArrayBuffer;
    ensure: (endInWords: number) => boolean;
    freeWords: number;
    argumentsOffset: number;
    run: (opcode: number) => void;
    opName: (opcode: number) => string | undefined;
    threads: number;
    setThreads: (threads: number) => number;
    guard?: ((offset: number, words: number, forbidden: boolean) => void) | undefined;
  }) {
    this.kind = options.kind;
    this.call = new Call(options.run);
    const refresh = () => {
      const buffer = options.buffer();
      this.f32 = new Float32Array(buffer);
      this.i32 = new Int32Array(buffer);
      this.call.attach(buffer, options.argumentsOffset * 4, ARGUMENT_WORDS);
    };
    refresh();
    this.heap = new Heap(
      options.freeWords,
      (end) => {
        if (end <= this.f32.length) return;
        if (!options.ensure(end))
          throw new RangeError(
            `heap: ${Math.round((end * 4) / 2 ** 20)} MiB of tensors do not fit in the ${this.kind} heap; use smaller batches or dispose of tensors`,
          );
        refresh();
      },
      options.guard,
    );
    for (let opcode = 0; ; ++opcode) {
      const name = options.opName(opcode);
      if (name === undefined) break;
      this.#opcodes.set(name, opcode);
    }
    this.#threads = options.threads;
    this.#setThreads = options.setThreads;
  }

  /** The opcode of a kernel of ops.def. */
  op(name: string): number {
    const opcode = this.#opcodes.get(name);
    if (opcode === undefined)
      throw new MissingKernelError(
        `${this.kind} kernels: no kernel '${name}'; rebuild them (npm run build:native, npm run build:wasm)`,
      );
    return opcode;
  }

  /** Whether this build has the kernel. */
  has(name: string): boolean {
    return this.#opcodes.has(name);
  }

  get threads(): number {
    return this.#threads;
  }
  set threads(threads: number) {
    this.#threads = this.#setThreads(threads);
  }
}

function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** The addon uses the instructions of the processor it was compiled on: refuse it elsewhere instead of crashing. */
function assertProcessor(path: string): void {
  if (!existsSync(path) || !existsSync('/proc/cpuinfo')) return;
  const flags = (text: string) => new Set(text.split(/\s+/));
  const here = flags(readFileSync('/proc/cpuinfo', 'utf8'));
  const missing = [...flags(readFileSync(path, 'utf8').trim())].filter((flag) => !here.has(flag));
  if (missing.length > 0)
    throw new Error(
      `the native addon was built for another processor (with ${missing.slice(0, 4).join(', ')}); run npm rebuild @d2lts/backend`,
    );
}

function loadNative(threads: number): Library {
  const path = process.env.D2LTS_NATIVE_ADDON ?? packageFile('build/Release/d2l.node');
  if (!existsSync(path))
    throw new Error(
      'the native addon was not built (no C++ compiler, or install scripts did not run); run npm rebuild @d2lts/backend',
    );
  assertProcessor(join(dirname(path), 'processor.txt'));
  const addon = createRequire(import.meta.url)(path) as Addon;
  const buffer = addon.open(2 ** 33, threads); // 8 GiB; Node 20 allows 4
  return new Library({
    kind: 'native',
    buffer: () => buffer,
    ensure: () => false,
    freeWords: addon.freeOffset / 4,
    argumentsOffset: addon.argumentsOffset,
    run: addon.run,
    opName: addon.opName,
    threads: addon.setThreads(threads),
    setThreads: addon.setThreads,
    guard: addon.guard,
  });
}

async function loadWasm(): Promise<Library> {
  const path = process.env.D2LTS_WASM_KERNELS ?? packageFile('wasm/kernels.wasm');
  if (!existsSync(path))
    throw new Error('wasm/kernels.wasm is missing; run npm run build:wasm in @d2lts/backend');
  const bytes = await readFile(path);
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const kernels = instance.exports as WasmExports;
  // Memory grows in steps of at least a quarter, so that views are rarely replaced.
  const grow = (endInWords: number): boolean => {
    const current = kernels.memory.buffer.byteLength / PAGE;
    const needed = Math.ceil((endInWords * 4) / PAGE);
    const wanted = Math.min(65536, Math.max(needed, Math.ceil(current * 1.25)));
    for (const pages of [wanted, needed]) {
      try {
        if (pages > current) kernels.memory.grow(pages - current);
        return true;
      } catch {
        // try the smaller step
      }
    }
    return false;
  };
  const freeBytes = kernels.d2l_start();
  grow(freeBytes / 4 + 2 ** 20);
  const nameAt = (address: number): string => {
    const memory = new Uint8Array(kernels.memory.buffer);
    return new TextDecoder().decode(memory.subarray(address, memory.indexOf(0, address)));
  };
  const count = kernels.d2l_op_count();
  return new Library({
    kind: 'wasm',
    buffer: () => kernels.memory.buffer,
    ensure: grow,
    freeWords: freeBytes / 4,
    argumentsOffset: kernels.d2l_arguments(),
    run: kernels.d2l_run,
    opName: (opcode) => (opcode < count ? nameAt(kernels.d2l_op_name(opcode)) : undefined),
    threads: 1,
    setThreads: () => 1,
  });
}

/** Threads to use unless told: D2LTS_THREADS, else the processors this process may use. */
export function defaultThreads(): number {
  const wanted = Number(process.env.D2LTS_THREADS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}

// One heap a process and kind, also when this module is loaded twice (bundles, test runners).
const loaded = ((globalThis as { [key: symbol]: unknown })[Symbol.for('@d2lts/backend/libraries')] ??=
  new Map()) as Map<Kind, Library>;

/** Loads the kernels of one kind, or returns those already loaded; throws when they cannot be. */
export async function loadLibrary(kind: Kind, threads?: number): Promise<Library> {
  let library = loaded.get(kind);
  if (!library) {
    library = kind === 'native' ? loadNative(threads ?? defaultThreads()) : await loadWasm();
    loaded.set(kind, library);
  } else if (threads !== undefined) library.threads = threads;
  return library;
}
