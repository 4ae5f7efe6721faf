// A training checkpoint: model.safetensors, optimizer.safetensors, state.json.
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { LoaderState } from '../data/index.ts';
import { FormatError } from '../errors/index.ts';
import {
  readJsonObject,
  readSafetensors,
  writeJson,
  writeSafetensors,
  type Json,
  type TensorDict,
} from '../files/index.ts';
import type { Module } from '../nn/index.ts';
import type { Optimizer, SchedulerState } from '../optim/index.ts';
import type { RngState } from '../random/index.ts';

/** Everything but the tensors that training needs to go on bit for bit. */
export interface TrainingState {
  version: 1;
  step: number;
  epoch: number;
  /** Seconds of training so far. */
  elapsed: number;
  loader: LoaderState;
  /** Passes that the loader had completed before this run. */
  startEpoch: number;
  optimizer: { kind: string; step: number; lr: number };
  scheduler: SchedulerState | null;
  rngs: Record<string, RngState>;
  /** Loss sum and weight since the last log record. */
  window: { loss: number; weight: number; steps: number };
  best: { step: number; metric: string; value: number } | null;
  /** The last evaluation; step −1 before the first. */
  evaluated: { step: number; metrics: Record<string, number> };
  /** Records in the log when the checkpoint was written. */
  logRecords: number;
  callbacks: Record<string, Json>;
}

/** Parameters and buffers by name, a shared one once. */
export function modelState(model: Module): TensorDict {
  return model.ownState();
}

/** Writes a checkpoint into an empty folder. */
export async function writeCheckpoint(
  folder: string,
  model: Module,
  optimizer: Optimizer,
  state: TrainingState,
): Promise<void> {
  await writeSafetensors(join(folder, 'model.safetensors'), modelState(model), {
    metadata: { format: 'pt' },
  });
  await writeSafetensors(join(folder, 'optimizer.safetensors'), optimizer.stateDict().tensors);
  await writeJson(join(folder, 'state.json'), state);
}

/** Loads a checkpoint into a model and an optimizer that were built as they were then; gives the rest. */
export async function readCheckpoint(
  folder: string,
  model: Module,
  optimizer: Optimizer,
): Promise<TrainingState> {
  const state = (await readJsonObject(join(folder, 'state.json'))) as unknown as TrainingState;
  if (state.version !== 1 || !Number.isSafeInteger(state.step) || typeof state.optimizer !== 'object') {
    throw new FormatError({
      operation: 'readCheckpoint',
      fact: `${folder}/state.json must be a training state of version 1`,
      value: state.version,
    });
  }
  await loadWeights(folder, model);
  const tensors = await readSafetensors(join(folder, 'optimizer.safetensors'));
  try {
    optimizer.loadStateDict({ ...state.optimizer, tensors });
  } finally {
    tf.dispose(tensors);
  }
  return state;
}

/** Loads only the model's weights from a checkpoint or model folder. */
export async function loadWeights(folder: string, model: Module): Promise<void> {
  const weights = await readSafetensors(join(folder, 'model.safetensors'));
  try {
    model.loadStateDict(weights);
  } finally {
    tf.dispose(weights);
  }
}
