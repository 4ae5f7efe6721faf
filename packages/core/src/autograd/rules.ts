// The table of gradient rules: what each kernel saves in the forward pass and how it runs backwards.
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { TapeNode, Thunks } from './engine.ts';

/** A kernel's attributes as the engine hands them over. */
export type Attributes = NamedAttrMap | undefined;

/** What a rule sees in the backward pass. */
export interface Backward<A = unknown> {
  /** Gradient of the first output; a kernel with several outputs looks at `dys`. */
  dy: Tensor;
  /** Gradients of all outputs; null where an output has no influence on the value. */
  dys: (Tensor | null)[];
  /** The saved inputs, then the saved outputs, in the rule's order (absent optional inputs take no place). */
  saved: Tensor[];
  attrs: A;
  /** Whether the gradient of an input is wanted; rules that compute several at once ask first. */
  needs(input: string): boolean;
  /** Whether the kernel got this input. */
  has(input: string): boolean;
  /** Shape of an input; its data may be gone unless it was saved. */
  shape(input: string): number[];
  /** The node on the tape; of its inputs and outputs only shape and dtype may be read. */
  node: TapeNode;
}

/** How one kernel is differentiated; `A` is the type of its attributes. */
export interface Rule<A = unknown> {
  /** Inputs whose data the backward pass reads. */
  inputs?: string[] | 'all' | ((attrs: A) => string[]);
  /** Indices of the outputs whose data the backward pass reads. */
  outputs?: number[] | ((attrs: A) => number[]);
  /** Returns the gradients by input name, each computed when called. */
  backward(context: Backward<A>): Thunks;
}

const table = new Map<string, Rule>();

/** Adds or replaces the gradient rule of a kernel. */
export function defineRule<A = unknown>(kernelName: string, rule: Rule<A>): void {
  table.set(kernelName, rule as Rule);
}

/** The rule of a kernel, if there is one. */
export function findRule(kernelName: string): Rule | undefined {
  return table.get(kernelName);
}

/** Names of all kernels with a rule. */
export function ruleNames(): string[] {
  return [...table.keys()];
}

/** What a rule sees, over a node of the tape. */
class NodeContext implements Backward {
  readonly dy: Tensor;
  readonly saved: Tensor[];
  readonly attrs: object;

  constructor(
    readonly node: TapeNode,
    readonly dys: (Tensor | null)[],
    readonly needs: (input: string) => boolean,
  ) {
    this.dy = dys[0] as Tensor;
    this.saved = node.saved;
    this.attrs = node.attrs ?? {};
    // rules take these out of the context by destructuring
    this.has = (input) => node.inputs[input] != null;
    this.shape = (input) => (node.inputs[input] as Tensor).shape;
  }

  readonly has: (input: string) => boolean;
  readonly shape: (input: string) => number[];
}

/** Runs a node's rule. `needs` tells which inputs' gradients are wanted. */
export function runRule(
  node: TapeNode,
  rule: Rule,
  dys: (Tensor | null)[],
  needs: (input: string) => boolean,
): Thunks {
  return rule.backward(new NodeContext(node, dys, needs));
}
