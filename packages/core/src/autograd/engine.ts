// A typed view of the parts of TensorFlow.js' engine that recording and walking a tape needs.
import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, Rule } from './rules.ts';

/** Gradients by input name, each computed when called. */
export type Thunks = Record<string, () => tf.Tensor>;

/** One executed kernel on the tape. `rule`, `names` and `attrs` are ours; TensorFlow.js' own walker uses `gradient`. */
export interface TapeNode {
  id: number;
  kernelName: string;
  inputs: Record<string, tf.Tensor>;
  outputs: tf.Tensor[];
  saved: tf.Tensor[];
  gradient?: (dys: (tf.Tensor | null)[]) => Thunks;
  rule?: Rule;
  /** Inputs that live until this node has run backwards. */
  held?: tf.Tensor[];
  /** Names of the saved inputs and outputs, in the order of `saved`. */
  names?: string[];
  attrs?: Attributes;
}

/** The engine as this folder uses it (version 4.22; the tests notice when it changes). */
export interface TapeEngine {
  readonly ENV: { getBool(flag: string): boolean };
  readonly backendName: string | undefined;
  readonly backend: object;
  state: {
    profiling: boolean;
    activeTape: TapeNode[] | null;
    gradientDepth: number;
    kernelDepth: number;
    nextTapeNodeId: number;
    nextScopeId: number;
    tensorInfo: { get(dataId: tf.DataId): { backend: { incRef(dataId: tf.DataId): void } } | undefined };
    activeScope: { track: tf.Tensor[] } | null;
  };
  addTapeNode(
    name: string,
    inputs: Record<string, tf.Tensor & { scopeId: number }>,
    ...rest: unknown[]
  ): void;
  startTape(): void;
  endTape(): void;
  startScope(name?: string): void;
  endScope(): void;
  tidy<T extends tf.TensorContainer>(f: () => T): T;
  track(tensor: tf.Tensor): tf.Tensor;
  isTapeOn(): boolean;
  runKernel(name: string, inputs: Record<string, tf.Tensor>, attrs?: Attributes): tf.Tensor | tf.Tensor[];
  saveTensorsForBackwardMode(tensors: tf.Tensor[]): tf.Tensor[];
  makeTensorFromTensorInfo(info: { dataId: tf.DataId; shape: number[]; dtype: tf.DataType }): tf.Tensor;
}

/** The one engine of this process. */
export function tapeEngine(): TapeEngine {
  return tf.engine() as unknown as TapeEngine;
}

/**
 * A second reference to a tensor's data, made without running a kernel. No `tidy` disposes it, unless `tracked`:
 * then it belongs to the current scope like any result.
 */
export function reference(engine: TapeEngine, tensor: tf.Tensor, tracked = false): tf.Tensor {
  const { dataId, shape, dtype } = tensor;
  const { state } = engine;
  const scope = state.activeScope;
  if (!tracked) state.activeScope = null;
  try {
    state.tensorInfo.get(dataId)?.backend.incRef(dataId);
    return engine.makeTensorFromTensorInfo({ dataId, shape, dtype });
  } finally {
    state.activeScope = scope;
  }
}

/** The same gradient again, for rules that pass dy on unchanged. */
export function pass(dy: tf.Tensor): tf.Tensor {
  const engine = tapeEngine();
  // on a tape (higher orders) it must be an operation
  return engine.isTapeOn() ? tf.clone(dy) : reference(engine, dy, true);
}
