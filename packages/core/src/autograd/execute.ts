// Executes kernels for the engine: the same results with less bookkeeping than the engine's own path.
import * as tf from '@tensorflow/tfjs-core';
import type { TapeEngine } from './engine.ts';

/** `engine.runKernel`. */
export type RunKernel = TapeEngine['runKernel'];

/**
 * A `runKernel` that calls the kernel directly; it takes the engine's own path while profiling or in debug or test
 * mode, and for kernels that do not exist (whose message is the engine's). It records nothing.
 */
export function directRun(engine: TapeEngine, original: RunKernel): RunKernel {
  return (name, inputs, attrs) => {
    const { state, ENV, backendName } = engine;
    const kernel = backendName == null ? undefined : tf.getKernel(name, backendName);
    if (kernel == null || state.profiling || ENV.getBool('DEBUG') || ENV.getBool('IS_TEST'))
      return original(name, inputs, attrs);
    state.kernelDepth++;
    let out: tf.TensorInfo | tf.TensorInfo[];
    try {
      out = kernel.kernelFunc({ inputs, attrs: attrs as tf.NamedAttrMap, backend: engine.backend });
    } finally {
      state.kernelDepth--;
    }
    return Array.isArray(out) ? out.map((info) => tensorOf(engine, info)) : tensorOf(engine, out);
  };
}

/** Some kernels return tensors already. */
function tensorOf(engine: TapeEngine, info: tf.TensorInfo): tf.Tensor {
  return 'rank' in info && info.rank != null ? (info as tf.Tensor) : engine.makeTensorFromTensorInfo(info);
}
