// The table of gradient rules: what each kernel saves in the forward pass and how it runs backwards.
import { zeros, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import { ValueError } from '../errors/index.ts';
import type { TapeNode, Thunks } from './engine.ts';

/** A kernel's attributes as the engine hands them over. */
export type Attributes = NamedAttrMap | undefined;

/** Names of a kernel's inputs (with their types) and outputs, and its attributes. */
export interface Signature {
  inputs: object;
  outputs: string[];
  attrs: object;
}

/** A kernel with attributes `A`, whose inputs may have any name. */
export interface AnyKernel<A extends object = object> {
  inputs: Record<string, Tensor>;
  outputs: string[];
  attrs: A;
}

/** What a rule sees in the backward pass. */
export interface Backward<S extends Signature = AnyKernel> {
  /** Gradient of the first output; zeros where only other outputs have influence on the value. */
  readonly dy: Tensor;
  /** Gradients of all outputs; null where one has no influence on the value. */
  readonly dys: (Tensor | null)[];
  readonly attrs: S['attrs'];
  /** Gradient of an output; undefined where it has no influence on the value. */
  gradient(output: S['outputs'][number]): Tensor | undefined;
  /** A saved input; undefined when the kernel did not get it. */
  input<N extends keyof S['inputs'] & string>(name: N): S['inputs'][N];
  /** A saved output. */
  output(name: S['outputs'][number]): Tensor;
  /** Whether the gradient of an input is wanted; rules that compute several at once ask first. */
  needs(input: keyof S['inputs'] & string): boolean;
  /** Shape of an input; its data may be gone unless it was saved. */
  shape(input: keyof S['inputs'] & string): number[];
  /** The node on the tape; of its inputs and outputs only shape and dtype may be read. */
  node: TapeNode;
}

/** How one kernel is differentiated. */
export interface Rule<S extends Signature = AnyKernel> {
  /** Inputs whose data the backward pass reads. */
  inputs?: (keyof S['inputs'] & string)[] | 'all';
  /** Outputs whose data the backward pass reads. */
  outputs?: S['outputs'][number][] | ((attrs: S['attrs']) => S['outputs'][number][]);
  /** Names of all outputs in the kernel's order; `['y']` by default. */
  results?: S['outputs'];
  /** Returns the gradients by input name, each computed when called. */
  backward(context: Backward<S>): { [N in keyof S['inputs']]?: () => Tensor };
}

/** Stands for the rule of a kernel that has no gradient. */
export interface NoGradient {
  /** Why: part of the error of whoever asks for it. */
  none: string;
}

const table = new Map<string, Rule>();

/** Adds or replaces the gradient rule of a kernel; `A` is the type of its attributes. */
export function defineRule<A extends object>(
  kernelName: string,
  rule: Rule<AnyKernel<A>> | NoGradient,
): void {
  table.set(kernelName, ('none' in rule ? refusal(kernelName, rule) : rule) as Rule);
}

/** The rule of a kernel that has no gradient. */
function refusal(kernelName: string, { none }: NoGradient): Rule {
  return {
    backward: () => {
      throw new ValueError({
        operation: kernelName,
        fact: `has no gradient: ${none}`,
        advice: 'compute it outside of the function that is differentiated',
      });
    },
  };
}

/** The rule of a kernel, if there is one. */
export function findRule(kernelName: string): Rule | undefined {
  return table.get(kernelName);
}

/** Names of what a rule reads: those of its inputs that this call has, then outputs. */
export function savedNames(rule: Rule, given: Record<string, Tensor>, attrs: Attributes): string[] {
  const { inputs = [], outputs = [] } = rule;
  const names: string[] = [];
  for (const name of inputs === 'all' ? Object.keys(given) : inputs)
    if (given[name] != null) names.push(name);
  for (const name of typeof outputs === 'function' ? outputs(attrs ?? {}) : outputs) names.push(name);
  return names;
}

/** Place of an output among a kernel's results. */
export function placeOf(rule: Rule, output: string): number {
  return rule.results === undefined ? 0 : rule.results.indexOf(output);
}

/** What a rule sees, over a node of the tape. */
class NodeContext implements Backward {
  readonly attrs: object;

  constructor(
    readonly node: TapeNode,
    readonly rule: Rule,
    readonly dys: (Tensor | null)[],
    readonly needs: (input: string) => boolean,
  ) {
    this.attrs = node.attrs ?? {};
  }

  get dy(): Tensor {
    return this.dys[0] ?? zeros((this.node.outputs[0] as Tensor).shape);
  }

  // rules take these out of the context by destructuring
  readonly gradient = (output: string) => this.dys[placeOf(this.rule, output)] ?? undefined;
  readonly input = (name: string) =>
    (this.node.inputs[name] == null ? undefined : this.output(name)) as Tensor;
  readonly shape = (input: string) => (this.node.inputs[input] as Tensor).shape;
  readonly output = (name: string) => {
    const { kernelName, names, saved } = this.node;
    const tensor = saved[names?.indexOf(name) ?? -1];
    if (tensor !== undefined) return tensor;
    throw new ValueError({
      operation: `the gradient rule of ${kernelName}`,
      fact: 'it may read only what it lists as inputs or outputs',
      value: name,
      advice: 'add it to the list',
    });
  };
}

/** Runs a node's rule. `needs` tells which inputs' gradients are wanted. */
export function runRule(
  node: TapeNode,
  rule: Rule,
  dys: (Tensor | null)[],
  needs: (input: string) => boolean,
): Thunks {
  return rule.backward(new NodeContext(node, rule, dys, needs)) as Thunks;
}
