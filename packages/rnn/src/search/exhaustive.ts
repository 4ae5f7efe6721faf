// Exhaustive search: every sequence, for vocabularies small enough (the book's section 9.8.2).
import { ValueError } from '@d2lts/core';
import { checkInteger } from '../checks.ts';
import { criteriaOf, markEnd } from './criteria.ts';
import type { StepDecoder } from './decoder.ts';
import { type SearchNode, type SearchResult, readHypothesis, tokensOf } from './hypothesis.ts';
import { type LengthPenalty, checkLengthPenalty, lengthDivisor } from './lengthPenalty.ts';
import { type SearchOptions, checkOptions } from './options.ts';
import { processorsOf } from './processors.ts';
import { Rows } from './rows.ts';

/** Options of exhaustive search. */
export interface ExhaustiveOptions extends SearchOptions {
  /** How many hypotheses a source gives; default 1. */
  nBest?: number;
  /** Exponent of the length normalisation; default 0.75. */
  alpha?: number;
  /** Form of the length normalisation; default `power`. */
  lengthPenalty?: LengthPenalty;
}

const mostSequences = 1_000_000;

/** The best of all sequences of up to `maxLength` tokens. @throws ValueError when there are more than a million */
export async function exhaustiveSearch<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: ExhaustiveOptions,
): Promise<SearchResult[]> {
  const operation = 'exhaustiveSearch';
  checkOptions(operation, options, ['nBest', 'alpha', 'lengthPenalty'], decoder.vocabSize);
  checkInteger(operation, 'nBest', options.nBest ?? 1, 1);
  const { alpha = 0.75, lengthPenalty = 'power' } = options;
  checkLengthPenalty(operation, { alpha, lengthPenalty });
  const sequences = decoder.vocabSize ** options.maxLength;
  if (sequences > mostSequences) {
    throw new ValueError({
      operation,
      fact: `vocabSize^maxLength must be at most ${mostSequences}`,
      value: sequences,
      advice: 'use beamSearch',
      argument: 'maxLength',
    });
  }
  const results: SearchResult[] = [];
  for (const source of sources) results.push(await searchOne(decoder, source, options));
  return results;
}

async function searchOne<Source, State>(
  decoder: StepDecoder<Source, State>,
  source: Source,
  options: ExhaustiveOptions,
): Promise<SearchResult> {
  const { nBest = 1, alpha = 0.75, lengthPenalty = 'power' } = options;
  const processors = processorsOf(options);
  const criteria = criteriaOf(options);
  const tree: SearchNode[] = [];
  const finished: SearchNode[] = [];
  const rows = await Rows.start(decoder, [source], options, true);
  try {
    let level: (SearchNode | undefined)[] = [undefined];
    for (let step = 1; level.length > 0; step++) {
      if (options.signal?.aborted) {
        for (const node of level) if (node !== undefined) node.end = { reason: 'stopped', step: node.length };
        finished.push(...level.filter((node) => node !== undefined));
        break;
      }
      const tokens = Int32Array.from(level, (node, row) => node?.token ?? rows.first[row]!);
      const { logProbs } = await rows.step(tokens, (row) => tokensOf(tree, level[row]), processors);
      const next: SearchNode[] = [];
      const origins: number[] = [];
      level.forEach((parent, row) => {
        logProbs[row]!.forEach((logProb, token) => {
          if (logProb === -Infinity) return;
          const total = (parent?.total ?? 0) + logProb;
          const node: SearchNode = {
            id: tree.length,
            parent: parent?.id ?? -1,
            token,
            logProb,
            total,
            length: step,
          };
          tree.push(node);
          markEnd(node, criteria, () => tokensOf(tree, node));
          if (node.end !== undefined) finished.push(node);
          else {
            next.push(node);
            origins.push(row);
          }
        });
      });
      await rows.reorder(origins);
      level = next;
    }
  } finally {
    rows.dispose();
  }
  const hypotheses = finished
    .map((node) => readHypothesis(tree, node, lengthDivisor(lengthPenalty, alpha, node.length)))
    .sort((a, b) => b.score - a.score)
    .slice(0, nBest);
  return { hypotheses, tree };
}
