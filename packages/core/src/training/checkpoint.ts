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
import type { Fingerprints } from './fingerprint.ts';
import type { Progress } from './progress.ts';

/** Everything but the tensors that training needs to go on bit for bit. */
export interface TrainingState extends Progress {
  version: 1;
  loader: LoaderState;
  optimizer: { kind: string; step: number; lr: number };
  scheduler: SchedulerState | null;
  rngs: Record<string, RngState>;
  callbacks: Record<string, Json>;
  /** What the run was trained on; absent in checkpoints of earlier versions. */
  fingerprints?: Fingerprints;
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
  const state = await readTrainingState(folder);
  await loadCheckpoint(folder, state, model, optimizer);
  return state;
}

/** The part of a checkpoint that is no tensor. @throws FormatError when it is none */
export async function readTrainingState(folder: string): Promise<TrainingState> {
  const state = (await readJsonObject(join(folder, 'state.json'))) as unknown as TrainingState;
  if (state.version !== 1 || !Number.isSafeInteger(state.step) || typeof state.optimizer !== 'object') {
    throw new FormatError({
      operation: 'readCheckpoint',
      fact: `${folder}/state.json must be a training state of version 1`,
      value: state.version,
    });
  }
  return state;
}

/** The tensors of a checkpoint, into a model and an optimizer that were built as they were then. */
export async function loadCheckpoint(
  folder: string,
  state: TrainingState,
  model: Module,
  optimizer: Optimizer,
): Promise<void> {
  await loadWeights(folder, model);
  const tensors = await readSafetensors(join(folder, 'optimizer.safetensors'));
  try {
    optimizer.loadStateDict({ ...state.optimizer, tensors });
  } finally {
    tf.dispose(tensors);
  }
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
