// The table of gradient rules: what each kernel saves in the forward pass and how it runs backwards.
import { fusedOutputs, type FusedKernels } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { ValueError } from '../errors/index.ts';
import type { TapeNode, Thunks } from './engine.ts';

/** A kernel's attributes as the engine hands them over. */
export type Attributes = tf.NamedAttrMap | undefined;

/** Names of inputs without the `?` of those that may be absent; of the latter alone; of the others alone. */
type Bare<I extends string> = I extends `${infer N}?` ? N : I;
type Optional<I extends string> = I extends `${infer N}?` ? N : never;
type Required<I extends string> = I extends `${string}?` ? never : I;

/** What a rule sees in the backward pass: inputs by name, outputs by name (fused kernels) or place. */
export interface Backward<A = unknown, I extends string = string, O extends string | number = number> {
  /** Gradient of the first output; zeros where only others have an influence on the value. */
  readonly dy: tf.Tensor;
  /** Gradient of an output; zeros where it has no influence on the value. */
  gradient(output: O): tf.Tensor;
  /** Whether an output has an influence on the value. */
  matters(output: O): boolean;
  /** A saved input. */
  input(name: Required<I>): tf.Tensor;
  /** A saved input that may be absent. */
  input(name: Optional<I>): tf.Tensor | undefined;
  /** A saved output. */
  output(which: O): tf.Tensor;
  readonly attrs: A;
  /** Whether the gradient of an input is wanted; rules that compute several at once ask first. */
  needs(input: Bare<I>): boolean;
  /** Whether the kernel got this input. */
  has(input: Bare<I>): boolean;
  /** Shape of an input; its data may be gone unless it was saved. */
  shape(input: Bare<I>): number[];
  /** The node on the tape; of its inputs and outputs only shape and dtype may be read. */
  readonly node: TapeNode;
}

/** How one kernel is differentiated; `A` is the type of its attributes. */
export interface Rule<A = unknown, I extends string = string, O extends string | number = number> {
  /** Inputs whose data the backward pass reads. */
  inputs?: readonly NoInfer<Bare<I>>[] | 'all';
  /** Outputs whose data the backward pass reads. */
  outputs?: readonly O[] | ((attrs: A) => readonly O[]);
  /** Returns the gradients by input name, each computed when called. */
  backward(context: Backward<A, I, O>): Thunks;
}

/** A rule as the table holds it. */
export type AnyRule = Rule<unknown, string, string | number>;

const table = new Map<string, AnyRule>();

/** Adds or replaces the gradient rule of a kernel. */
export function defineRule<A = unknown, I extends string = string>(
  kernelName: string,
  rule: Rule<A, I>,
): void {
  table.set(kernelName, rule as AnyRule);
}

/** `defineRule` for a fused kernel: attributes, inputs and outputs are typed by the backend's contract. */
export function defineFusedRule<K extends keyof FusedKernels>(
  kernelName: K,
  rule: Rule<FusedKernels[K]['attrs'], FusedKernels[K]['inputs'], FusedKernels[K]['outputs']>,
): void {
  table.set(kernelName, rule as AnyRule);
}

/** The rule of a kernel, if there is one. */
export function findRule(kernelName: string): AnyRule | undefined {
  return table.get(kernelName);
}

/** Names of all kernels with a rule. */
export function ruleNames(): string[] {
  return [...table.keys()];
}

/** The place of an output among a kernel's outputs. */
function placeOf(kernelName: string, output: string | number): number {
  if (typeof output === 'number') return output;
  return (fusedOutputs as Record<string, readonly string[]>)[kernelName]?.indexOf(output) ?? -1;
}

/** What a rule wants saved: tensors by input name, or by the place of the output. */
export function tensorsToSave(
  rule: AnyRule,
  kernelName: string,
  inputs: Record<string, tf.Tensor>,
  outputs: tf.Tensor[],
  attrs: Attributes,
): { keys: (string | number)[]; tensors: tf.Tensor[] } {
  const keys: (string | number)[] = [];
  const tensors: tf.Tensor[] = [];
  for (const name of rule.inputs === 'all' ? Object.keys(inputs) : (rule.inputs ?? [])) {
    const input = inputs[name];
    if (input == null) continue;
    keys.push(name);
    tensors.push(input);
  }
  for (const output of typeof rule.outputs === 'function'
    ? rule.outputs(attrs ?? {})
    : (rule.outputs ?? [])) {
    const place = placeOf(kernelName, output);
    keys.push(place);
    tensors.push(outputs[place] as tf.Tensor);
  }
  return { keys, tensors };
}

/** What a rule sees, over a node of the tape. Rules take the members out by destructuring, so they are functions. */
class NodeContext implements Backward<unknown, string, string | number> {
  readonly attrs: object;

  constructor(
    readonly node: TapeNode,
    readonly dys: readonly (tf.Tensor | null)[],
    readonly needs: (input: string) => boolean,
  ) {
    this.attrs = node.attrs ?? {};
  }

  get dy(): tf.Tensor {
    return this.gradient(0);
  }

  readonly has = (input: string) => this.node.inputs[input] != null;
  readonly shape = (input: string) => (this.node.inputs[input] as tf.Tensor).shape;
  readonly matters = (output: string | number) => this.dys[placeOf(this.node.kernelName, output)] != null;

  readonly gradient = (output: string | number) => {
    const place = placeOf(this.node.kernelName, output);
    return this.dys[place] ?? tf.zeros((this.node.outputs[place] as tf.Tensor).shape);
  };

  readonly input = (name: string) => (this.has(name) ? this.saved(name) : undefined) as tf.Tensor;
  readonly output = (which: string | number) => this.saved(placeOf(this.node.kernelName, which));

  private saved(key: string | number): tf.Tensor {
    const tensor = this.node.saved[this.node.keys?.indexOf(key) ?? -1];
    if (tensor !== undefined) return tensor;
    throw new ValueError({
      operation: `the gradient rule of ${this.node.kernelName}`,
      fact: 'it may read only what it lists as inputs or outputs',
      value: key,
      advice: 'add it to the list',
    });
  }
}

/** Runs a node's rule. `needs` tells which inputs' gradients are wanted. */
export function runRule(
  node: TapeNode,
  rule: AnyRule,
  dys: (tf.Tensor | null)[],
  needs: (input: string) => boolean,
): Thunks {
  return rule.backward(new NodeContext(node, dys, needs));
}
