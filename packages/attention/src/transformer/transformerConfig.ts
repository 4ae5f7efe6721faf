// What the configs of all Transformers have, and the parts that they ask for.
import type { Rng } from '@d2lts/core';
import type { FeedForwardActivation } from './feedForward.ts';
import { type PositionKind, type PositionModule, positionsOf } from './positionKinds.ts';
import type { StackOptions } from './stacks.ts';

/** Sizes and choices of any Transformer; plain JSON, so that it can be a model folder's config. */
export interface TransformerBaseConfig {
  /** Number of tokens; of source tokens, where there are two kinds. */
  vocabSize: number;
  /** Width of the embeddings and of every block's output. */
  dim: number;
  numHeads: number;
  /** Width of the feed-forward hidden layer. */
  ffnDim: number;
  /** 0.1 by default. */
  dropout?: number;
  /** Dropout of attention weights; `dropout` by default, as in PyTorch. The paper has none there. */
  attentionDropout?: number;
  /** Dropout of the feed-forward networks' hidden layers; `dropout` by default, as in PyTorch. The paper has none there. */
  hiddenDropout?: number;
  /** Pre-norm blocks; true by default. */
  normFirst?: boolean;
  /** A normalisation after the last block, as `torch.nn.Transformer` always has it; `normFirst` by default. */
  finalNorm?: boolean;
  /** Of the feed-forward networks. The encoder-decoder's default is 'relu', that of one stack 'gelu'. */
  activation?: FeedForwardActivation;
  /** Whether the attention projections have biases; true by default. */
  attentionBias?: boolean;
  /** How it knows where a token stands. The encoder-decoder's default is 'sinusoidal', that of one stack 'learned'. */
  positions?: PositionKind;
  /** Longest sequence; 256 by default. */
  maxLen?: number;
}

/** The positions and the options of the stacks that a config asks for. */
export function transformerParts(
  config: TransformerBaseConfig,
  defaults: Required<Pick<TransformerBaseConfig, 'activation' | 'positions'>>,
  rng: Rng,
): { position: PositionModule; maxLen: number; options: StackOptions } {
  const {
    dim,
    numHeads,
    ffnDim,
    dropout = 0.1,
    normFirst = true,
    attentionBias = true,
    maxLen = 256,
  } = config;
  const { attentionDropout = dropout, hiddenDropout = dropout, finalNorm } = config;
  const { activation = defaults.activation, positions = defaults.positions } = config;
  const { position, rotary } = positionsOf(positions, { dim, numHeads, maxLen, dropout, rng });
  const dropouts = { dropout, attentionDropout, hiddenDropout };
  const options = { ffnDim, ...dropouts, normFirst, finalNorm, activation, attentionBias, rotary, rng };
  return { position, maxLen, options };
}
