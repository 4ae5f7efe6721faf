// Optimizer steps, the norm of all gradients, and scaling in place: one kernel call over all tensors.
import type { Tensor } from '@tensorflow/tfjs-core';
import type { D2LBackend } from '../backend.ts';
import type { OptimizerUpdate } from '../contract.ts';
import type { ParameterUpdate } from './types.ts';

/** Tensors a call; their words fit the argument buffer. */
const TENSORS_A_CALL = 1500;

/** The parts of a list that fit one call each. */
function* parts<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < list.length; i += TENSORS_A_CALL) yield list.slice(i, i + TENSORS_A_CALL);
}

type Sgd = Extract<OptimizerUpdate, { kind: 'sgd' }>;
type Adam = Exclude<OptimizerUpdate, { kind: 'sgd' }>;

/** Parameter, gradient and state of each update: the variables own their data from here on. */
function locate(backend: D2LBackend, updates: readonly ParameterUpdate[]) {
  const owned = updates.map(({ param, state }) => ({
    param: backend.ownStorage(param),
    state: state.map((variable) => backend.ownStorage(variable)),
  }));
  return updates.map(({ update, gradient }, i) => ({
    update,
    gradient: backend.storage(gradient),
    ...(owned[i] as (typeof owned)[number]),
  }));
}

function sgdStep(backend: D2LBackend, updates: readonly ParameterUpdate[], settings: Sgd): void {
  const { momentum, dampening, nesterov, step } = settings;
  const located = locate(backend, updates);
  const call = backend
    .begin(backend.op('sgdStep'))
    .int(located.length)
    .float(momentum)
    .float(1 - dampening)
    .int(nesterov)
    .int(step === 1);
  for (const { update, param, gradient, state } of located) {
    call.int(param.size).tensor(param).tensor(gradient).optional(state[0]);
    call.float(update.lr).float(update.weightDecay);
  }
  call.run();
}

function adamStep(backend: D2LBackend, updates: readonly ParameterUpdate[], settings: Adam): void {
  const { kind, beta1, beta2, epsilon, step } = settings;
  const located = locate(backend, updates);
  const call = backend
    .begin(backend.op('adamStep'))
    .int(located.length)
    .float(beta1)
    .float(1 - beta1)
    .float(beta2)
    .float(1 - beta2)
    .float(epsilon)
    .float(1 / Math.sqrt(1 - beta2 ** step));
  const correction = 1 - beta1 ** step;
  for (const { update, param, gradient, state } of located) {
    const { lr, weightDecay } = update;
    call.int(param.size).tensor(param).tensor(gradient).optional(state[0]).optional(state[1]);
    call
      .float(lr / correction)
      .float(kind === 'adam' ? weightDecay : 0)
      .float(kind === 'adamw' ? 1 - lr * weightDecay : 1);
  }
  call.run();
}

/** See `FusedBackend.optimizerStep`. */
export function optimizerStep(backend: D2LBackend, updates: readonly ParameterUpdate[]): void {
  for (const part of parts(updates)) {
    const settings = (part[0] as ParameterUpdate).update;
    if (settings.kind === 'sgd') sgdStep(backend, part, settings);
    else adamStep(backend, part, settings);
  }
}

/** See `FusedBackend.globalNorm`. */
export function globalNorm(backend: D2LBackend, tensors: readonly Tensor[]): number {
  let norm = 0;
  for (const part of parts(tensors)) {
    const storages = part.map((tensor) => backend.storage(tensor));
    const call = backend.begin(backend.op('globalNorm')).int(storages.length);
    for (const storage of storages) call.int(storage.size).tensor(storage);
    call.run();
    norm = norm === 0 ? call.resultFloat(0) : Math.hypot(norm, call.resultFloat(0));
  }
  return norm;
}

/** See `FusedBackend.scaleInPlace`. */
export function scaleInPlace(backend: D2LBackend, tensors: readonly Tensor[], factor: number): boolean {
  const storages = tensors.map((tensor) => backend.storage(tensor));
  const shared = storages.some((storage) => storage.refCount > 1 || storage.dtype !== 'float32');
  if (shared || new Set(storages).size < storages.length) return false;
  for (const part of parts(storages)) {
    const call = backend.begin(backend.op('scaleTensors')).int(part.length).float(factor);
    for (const storage of part) call.int(storage.size).tensor(storage);
    call.run();
  }
  return true;
}
