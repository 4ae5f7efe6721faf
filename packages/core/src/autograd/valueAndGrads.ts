// Our own backward pass over the engine's tape: it frees activations and gradients as soon as they are used.
import * as tf from '@tensorflow/tfjs-core';
import { ShapeError, ValueError } from '../errors/index.ts';
import { reference, tapeEngine, type TapeEngine, type TapeNode, type Thunks } from './engine.ts';
import { tidyHolding } from './hold.ts';
import { runRule } from './rules.ts';

/** What `valueAndGrads` returns; both belong to the caller (or to the surrounding `tf.tidy`). */
export interface ValueAndGrads {
  /** The scalar that `f` returned. */
  value: tf.Scalar;
  /** One gradient a variable, in the same order and of the same shape; zeros where `f` does not depend on it. */
  grads: tf.Tensor[];
}

/**
 * The value of `f` and its gradients with respect to `variables`.
 *
 * Like `tf.variableGrads`, but the backward pass disposes each saved activation and each intermediate gradient as
 * soon as it has been used, so that peak memory is that of the forward pass. First-order only.
 *
 * @param f Computes a float32 scalar from the variables; runs inside a `tf.tidy`.
 * @throws ShapeError when `f` returns no scalar; ValueError when no operation connects it to any variable, when an
 * operation on the way has no gradient, or inside another gradient computation.
 *
 * @example
 * const w = tf.variable(tf.tensor1d([1, 2]));
 * const { value, grads } = valueAndGrads(() => tf.sum(tf.square(w)), [w]); // 5, [[2, 4]]
 */
export function valueAndGrads(f: () => tf.Scalar, variables: readonly tf.Tensor[]): ValueAndGrads {
  const engine = tapeEngine();
  const { state } = engine;
  if (state.gradientDepth > 0) {
    throw new ValueError({
      operation: 'valueAndGrads',
      fact: 'must not run inside another gradient computation',
      advice: 'use tf.grads for higher-order gradients',
    });
  }
  let value: tf.Scalar;
  engine.startTape();
  try {
    value = tidyHolding(engine, f);
  } catch (error) {
    discardTape(engine);
    throw error;
  } finally {
    engine.endTape();
  }
  try {
    checkValue(value);
    const grads = backward(engine, state.activeTape ?? [], value, variables);
    return { value, grads };
  } catch (error) {
    if (value instanceof tf.Tensor) value.dispose();
    throw error;
  } finally {
    discardTape(engine);
  }
}

function checkValue(value: tf.Tensor): void {
  if (value instanceof tf.Tensor && value.size === 1 && value.dtype === 'float32') return;
  throw new ShapeError({
    operation: 'valueAndGrads',
    fact: 'f must return a float32 scalar',
    value: value instanceof tf.Tensor ? `${value.dtype} [${value.shape.join(', ')}]` : typeof value,
    advice: 'return for instance the mean of the losses',
    argument: 'f',
  });
}

/** Disposes what the tape still holds. */
function discardTape(engine: TapeEngine): void {
  for (const node of engine.state.activeTape ?? []) release(node);
  engine.state.activeTape = null;
}

/** Disposes what a node has saved and held. */
function release({ saved, held }: TapeNode): void {
  tf.dispose([saved, held ?? []]);
  saved.length = 0;
  if (held !== undefined) held.length = 0;
}

/** Ids of all float tensors that depend on the variables; saved tensors of other nodes are freed on the way. */
function dependents(tape: TapeNode[], variables: readonly tf.Tensor[]): Set<number> {
  const ids = new Set<number>(variables.map(({ id }) => id));
  for (const node of tape) {
    let depends = false;
    for (const name in node.inputs) depends ||= ids.has((node.inputs[name] as tf.Tensor).id);
    if (!depends) release(node);
    else for (const output of node.outputs) if (output.dtype === 'float32') ids.add(output.id);
  }
  return ids;
}

function backward(
  engine: TapeEngine,
  tape: TapeNode[],
  value: tf.Tensor,
  variables: readonly tf.Tensor[],
): tf.Tensor[] {
  const reached = dependents(tape, variables);
  if (!reached.has(value.id)) {
    throw new ValueError({
      operation: 'valueAndGrads',
      fact: 'the value of f does not depend on any of the variables',
      advice: 'let f compute it from them with differentiable operations',
      argument: 'variables',
    });
  }
  const gradients = new Map<number, tf.Tensor>();
  engine.startScope('backward');
  try {
    gradients.set(value.id, own(engine, tf.onesLike(value)));
    for (let i = tape.length - 1; i >= 0; i--) {
      const node = tape[i] as TapeNode;
      if (node.outputs.some(({ id }) => gradients.has(id))) backpropagate(engine, node, reached, gradients);
      release(node);
    }
    const results = variables.map((variable, i) => {
      const gradient = gradients.get(variable.id);
      if (gradient === undefined) return own(engine, tf.zeros(variable.shape));
      // the same variable listed twice gets a gradient of its own each time
      if (variables.indexOf(variable) === i) return gradient;
      return reference(engine, gradient);
    });
    gradients.clear();
    engine.endScope();
    for (const result of results) engine.track(result);
    return results;
  } catch (error) {
    for (const gradient of gradients.values()) gradient.dispose();
    engine.endScope();
    throw error;
  }
}

/** Takes a tensor out of the current scope: from here on we dispose it ourselves. */
function own(engine: TapeEngine, tensor: tf.Tensor): tf.Tensor {
  const track = engine.state.activeScope?.track ?? [];
  const at = track.lastIndexOf(tensor);
  if (at >= 0) track.splice(at, 1);
  return tensor;
}

/** Runs one node backwards: takes its outputs' gradients, adds to its inputs' gradients. */
function backpropagate(
  engine: TapeEngine,
  node: TapeNode,
  reached: Set<number>,
  gradients: Map<number, tf.Tensor>,
): void {
  const { inputs, outputs } = node;
  const dys = outputs.map(({ id }) => gradients.get(id) ?? null);
  const needs = (name: string) => inputs[name] != null && reached.has((inputs[name] as tf.Tensor).id);
  const thunks = node.rule === undefined ? customGradient(node, dys) : runRule(node, node.rule, dys, needs);
  const ids: number[] = [];
  const computed: tf.Tensor[] = [];
  for (const name in inputs) {
    if (!needs(name)) continue;
    const dx = thunks[name]?.();
    checkGradient(node, name, dx);
    ids.push((inputs[name] as tf.Tensor).id);
    computed.push(dx);
  }
  const made: (tf.Tensor | undefined)[] = engine.state.activeScope?.track.splice(0) ?? [];
  for (let i = 0; i < computed.length; i++) {
    const dx = computed[i] as tf.Tensor;
    // a tensor that this node did not make, or that was given out already, is shared: take a reference
    const at = made.indexOf(dx);
    if (at >= 0) made[at] = undefined;
    accumulate(engine, gradients, ids[i] as number, at >= 0 ? dx : reference(engine, dx));
  }
  for (const tensor of made) if (tensor !== undefined && !tensor.isDisposed) tensor.dispose();
  for (let i = 0; i < outputs.length; i++) {
    dys[i]?.dispose();
    gradients.delete((outputs[i] as tf.Tensor).id);
  }
}

/** Runs the gradient of a node that has no rule of ours: that of `tf.customGrad`, or none. */
function customGradient({ kernelName, gradient }: TapeNode, dys: (tf.Tensor | null)[]): Thunks {
  if (gradient === undefined) {
    throw new ValueError({
      operation: 'valueAndGrads',
      fact: `the kernel ${kernelName} has no gradient`,
      advice: 'compute that part outside of f, or define a gradient with defineRule',
    });
  }
  try {
    return gradient(dys);
  } catch (error) {
    const freed =
      error instanceof TypeError || (error instanceof Error && error.message.includes('disposed'));
    if (!freed) throw error;
    throw new ValueError({
      operation: 'valueAndGrads',
      fact: `a custom gradient failed (${error.message}), perhaps on a tensor of f that was freed when f returned`,
      advice: 'hand it to the second argument of the function in tf.customGrad, which saves it',
    });
  }
}

function accumulate(engine: TapeEngine, gradients: Map<number, tf.Tensor>, id: number, dx: tf.Tensor): void {
  const sum = gradients.get(id);
  if (sum === undefined) {
    gradients.set(id, dx);
    return;
  }
  gradients.set(id, own(engine, engine.runKernel('Add', { a: sum, b: dx }) as tf.Tensor));
  sum.dispose();
  dx.dispose();
}

function checkGradient(node: TapeNode, name: string, dx: tf.Tensor | undefined): asserts dx is tf.Tensor {
  const shape = (node.inputs[name] as tf.Tensor).shape;
  if (dx !== undefined && dx.dtype === 'float32' && tf.util.arraysEqual(dx.shape, shape)) return;
  throw new ShapeError({
    operation: 'valueAndGrads',
    fact: `the gradient of ${node.kernelName} for its input "${name}" must be float32 [${shape.join(', ')}]`,
    value: dx === undefined ? 'none' : `${dx.dtype} [${dx.shape.join(', ')}]`,
    advice: "correct that kernel's gradient",
  });
}
