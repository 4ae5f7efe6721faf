// Which backend is chosen, what the reason says, and what a diagnosis holds.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';
import { addRemovedNodeFunction, hasGpu, loadTensorflow } from './loadTensorflow.ts';
import { wishedBackend, wishedThreads } from './names.ts';
import { failureSentence } from './sentence.ts';
import type { LoadOptions, LoadedBackend } from './types.ts';
import { useBackend } from './useBackend.ts';
import type { BackendName } from './names.ts';
import { loadCpu } from './loadCpu.ts';

/** A loader in which only the listed backends load; all of them are the cpu backend under another name. */
function only(...available: BackendName[]) {
  const calls: string[] = [];
  const load = async (name: BackendName, options: LoadOptions): Promise<LoadedBackend> => {
    calls.push(`${name}${options.automatic ? '' : '!'}`);
    if (!available.includes(name)) throw new Error(`${name} is broken\n    at some stack`);
    await loadCpu();
    if (!tf.findBackend(name)) tf.registerBackend(name, () => tf.findBackend('cpu'));
    return { name, version: '1.0', threads: options.threads ?? 4, detail: 'test' };
  };
  return { load, calls };
}

const environment = {};

describe('useBackend', () => {
  afterAll(() => {
    for (const name of ['tensorflow', 'native', 'wasm']) delete tf.engine().registryFactory[name];
  });

  it('takes the first that loads and says why', async () => {
    const { load, calls } = only('wasm', 'cpu');
    const choice = await useBackend('auto', { environment, load });
    expect(choice.name).toBe('wasm');
    expect(choice.reason).toBe(
      'wasm 1.0 (test, 4 threads), because tensorflow: tensorflow is broken; native: native is broken',
    );
    expect(calls).toEqual(['tensorflow', 'native', 'wasm']);
    expect(tf.getBackend()).toBe('wasm');
  });

  it('lets the argument win over D2LTS_BACKEND, and that over auto', async () => {
    const { load } = only('native', 'wasm', 'cpu');
    expect((await useBackend(undefined, { environment: { D2LTS_BACKEND: 'cpu' }, load })).name).toBe('cpu');
    expect((await useBackend('auto', { environment: { D2LTS_BACKEND: 'wasm' }, load })).name).toBe('wasm');
    expect((await useBackend('native', { environment: { D2LTS_BACKEND: 'wasm' }, load })).reason).toBe(
      'native 1.0 (test, 4 threads), as asked',
    );
  });

  it('lets the next serve when a named one does not load, unless strict', async () => {
    const { load, calls } = only('wasm', 'cpu');
    const choice = await useBackend('native', { environment, load });
    expect(choice.name).toBe('wasm');
    expect(choice.reason).toContain('because native: native is broken');
    expect(calls).toEqual(['native!', 'wasm']);
    await expect(useBackend('native', { environment, load, strict: true })).rejects.toThrow(
      'useBackend: the backend does not load (native: native is broken), got "native"; use auto, or run `d2l doctor`',
    );
  });

  it('passes threads on and refuses nonsense', async () => {
    const { load } = only('cpu');
    const choice = await useBackend('cpu', { environment: { D2LTS_THREADS: '3' }, load });
    expect(choice.threads).toBe(3);
    expect(wishedThreads(2, { D2LTS_THREADS: '3' })).toBe(2);
    expect(wishedThreads(undefined, { D2LTS_THREADS: '' })).toBeUndefined();
    expect(() => wishedThreads(undefined, { D2LTS_THREADS: 'two' })).toThrow(
      /D2LTS_THREADS must be.*got "two"/,
    );
    expect(() => wishedThreads(0, {})).toThrow(/threads must be.*got 0/);
    expect(() => wishedBackend(undefined, { D2LTS_BACKEND: 'nativ' })).toThrow(/did you mean "native"/);
  });

  it('tells when nothing loads', async () => {
    await expect(useBackend('cpu', { environment, load: only().load })).rejects.toThrow(
      /no backend loads \(cpu: cpu is broken\)/,
    );
  });

  it('computes on the real cpu backend without printing anything', async () => {
    const { name, threads } = await useBackend('cpu', { environment });
    expect({ name, threads }).toEqual({ name: 'cpu', threads: 1 });
    expect(Array.from(tf.tidy(() => tf.add([1, 2], [3, 4]).dataSync()))).toEqual([4, 6]);
  });
});

describe('diagnose', () => {
  it('reports every backend in order and returns to the current one', async () => {
    await useBackend('cpu', { environment });
    let time = 0;
    const { load } = only('cpu');
    const [tensorflow, native, wasm, cpu] = await diagnose({ environment, load, now: () => (time += 100) });
    expect(tensorflow).toEqual({ name: 'tensorflow', available: false, reason: 'tensorflow is broken' });
    expect(native!.available).toBe(false);
    expect(wasm!.available).toBe(false);
    expect(cpu).toMatchObject({ name: 'cpu', available: true, version: '1.0', detail: 'test' });
    expect(cpu!.gflops).toBeCloseTo((2 * 256 ** 3) / 1e8);
    expect(tf.getBackend()).toBe('cpu');
  });
});

describe('loadTensorflow', () => {
  const missing = (specifier: string) =>
    Object.assign(new Error(`Cannot find package '${specifier}' imported from /somewhere/file.js`), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
  const options: LoadOptions = { threads: undefined, environment, automatic: false };

  it('says in one sentence why it does not load', async () => {
    await expect(loadTensorflow(options, (name) => Promise.reject(missing(name)), false)).rejects.toThrow(
      'useBackend: @tensorflow/tfjs-node-gpu: not installed; @tensorflow/tfjs-node: not installed',
    );
    const broken = new Error(
      'libtensorflow.so.2: cannot open shared object file: No such file or directory\nRequire stack:\n- /a',
    );
    await expect(loadTensorflow(options, () => Promise.reject(broken), true)).rejects.toThrow(
      /tfjs-node: libtensorflow.so.2: cannot open shared object file: No such file or directory$/,
    );
  });

  it('is not even tried by auto without a GPU', async () => {
    const never = () => Promise.reject(new Error('must not be imported'));
    await expect(loadTensorflow({ ...options, automatic: true }, never, false)).rejects.toThrow(
      /no GPU is visible/,
    );
  });

  it('sees a GPU only when the environment does not hide it', () => {
    expect(hasGpu({}, (path) => path === '/dev/nvidia0')).toBe(true);
    expect(hasGpu({}, () => false)).toBe(false);
    expect(hasGpu({ CUDA_VISIBLE_DEVICES: '' }, () => true)).toBe(false);
    expect(hasGpu({ CUDA_VISIBLE_DEVICES: '-1' }, () => true)).toBe(false);
    expect(hasGpu({ CUDA_VISIBLE_DEVICES: '0' }, () => true)).toBe(true);
  });

  it('adds the function that Node 23 removed, once', () => {
    const target: { isNullOrUndefined?: (value: unknown) => boolean } = {};
    addRemovedNodeFunction(target);
    const added = target.isNullOrUndefined!;
    expect([added(null), added(undefined), added(0)]).toEqual([true, true, false]);
    addRemovedNodeFunction(target);
    expect(target.isNullOrUndefined).toBe(added);
  });

  it('does not call a missing file inside a package "not installed"', () => {
    const inner = Object.assign(new Error("Cannot find module '/x/build/tfjs_binding.node'"), {
      code: 'MODULE_NOT_FOUND',
    });
    expect(failureSentence(inner)).toBe("Cannot find module '/x/build/tfjs_binding.node'");
    expect(failureSentence('\n')).toBe('unknown error');
  });
});
