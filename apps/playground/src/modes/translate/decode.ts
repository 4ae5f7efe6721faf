// Translates one line: runs the wanted search on a model, tells every step, shapes the result.
import {
  beamSteps,
  greedySteps,
  sampleSteps,
  tokensOf,
  type BeamStep,
  type Hypothesis,
  type LengthPenalty,
  type SearchResult,
  type StepDecoder,
  type TokenStep,
} from '@d2lts/rnn';
import { ApiError } from '../../api/errors.ts';
import type { BeamNode, Candidate, OutputToken, ScoredToken, Segment } from '../../api/types.ts';
import { Cancelled, type Tell } from '../../engine/engine.ts';
import { round, topCount, topOf } from '../../engine/tokens.ts';
import type { TranslateRequest } from './contract.ts';

/** A model ready to translate. */
export interface LoadedModel {
  bos: number;
  eos: number;
  /** Tokens that must not be said, such as padding. */
  banned: readonly number[];
  /** Ids of a text, ended by the end token. */
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
  /** Form of the length normalisation. */
  lengthPenalty: LengthPenalty;
  /** The most tokens to say for a source of this many. */
  maxLength(sourceLength: number): number;
  searchDecoder(options: { attention: boolean }): StepDecoder<readonly number[], unknown>;
}

/** The steps of a search of either kind. */
type Steps = AsyncGenerator<TokenStep | BeamStep, SearchResult[], void>;

/** Translates one line of a request. */
export async function decodeLine(
  model: LoadedModel,
  source: string,
  segment: number,
  request: TranslateRequest,
  tell: Tell,
  cancelled: () => boolean,
): Promise<Segment> {
  const text = pieceTexts(model);
  const ids = model.encode(source);
  const sourceTokens = ids.map(text);
  tell({ type: 'start', segment, source, sourceTokens });
  const prefix = segment === (request.prefixLine ?? 0) ? request.prefix : [];
  const decoder = model.searchDecoder({ attention: request.attention });
  checkPrefix(prefix, decoder.vocabSize, model);
  const steps = searchOf(decoder, ids, model, request, prefix);
  const observe =
    request.strategy === 'beam'
      ? beamObserver(segment, text, model, tell)
      : tokenObserver(segment, text, model, tell);
  let hypotheses: Hypothesis[] = [];
  for (;;) {
    if (cancelled()) {
      await steps.return([]);
      throw new Cancelled();
    }
    const next = await steps.next();
    if (next.done) {
      hypotheses = next.value[0]!.hypotheses;
      break;
    }
    observe(next.value);
  }

  const candidates = hypotheses.map((hypothesis) => candidateOf(hypothesis, model, text));
  const [best = { text: '', tokens: [], logProb: 0, score: 0 }, ...alternatives] = candidates;
  const result: Segment = { ...best, source, sourceTokens, alternatives };
  const weights = hypotheses[0]?.attention;
  if (weights !== undefined)
    result.attention = { kind: 'cross', layers: [[weights.map((row) => Array.from(row, round))]] };
  tell({ type: 'segment', segment, result });
  return result;
}

function checkPrefix(prefix: readonly number[], vocabSize: number, { bos, eos, banned }: LoadedModel): void {
  prefix.forEach((id, i) => {
    const misplaced = id === bos || banned.includes(id) || (id === eos && i < prefix.length - 1);
    if (id < vocabSize && !misplaced) return;
    throw new ApiError(
      422,
      'invalid_request',
      `prefix.${i}: must be the id of a token that can be said, got ${id}; take ids from an answer's tokens`,
    );
  });
}

function searchOf(
  decoder: StepDecoder<readonly number[], unknown>,
  ids: readonly number[],
  model: LoadedModel,
  request: TranslateRequest,
  prefix: readonly number[],
): Steps {
  const { bos, eos, banned: bannedTokens } = model;
  const { repetitionPenalty, beam, lengthPenalty, seed, temperature, topK, topP, minP } = request;
  const maxLength = Math.max(prefix.length + 1, Math.min(request.maxLength, model.maxLength(ids.length)));
  const common = { bos, eos, bannedTokens, maxLength, repetitionPenalty, prefixes: [prefix] };
  if (request.strategy === 'greedy') return greedySteps(decoder, [ids], common);
  if (request.strategy === 'sampling')
    return sampleSteps(decoder, [ids], { ...common, seed, temperature, topK, topP, minP });
  return beamSteps(decoder, [ids], {
    ...common,
    beamSize: beam,
    nBest: beam,
    alpha: lengthPenalty,
    lengthPenalty: model.lengthPenalty,
  });
}

type Observe = (step: TokenStep | BeamStep) => void;

/** What a token reads. */
export type TextOf = (id: number) => string;

function tokenObserver(segment: number, text: TextOf, model: LoadedModel, tell: Tell): Observe {
  const ids: number[] = [];
  return (step) => {
    const { node, logProbs } = step as TokenStep;
    const likeliest = topOf(logProbs, topCount).filter((id) => logProbs[id]! > -Infinity);
    const top = likeliest.map((id) => ({ id, text: text(id), logProb: logProbs[id]! }));
    const token: OutputToken = { id: node.token, text: text(node.token), logProb: node.logProb, top };
    if (token.id !== model.eos) ids.push(token.id);
    tell({ type: 'token', segment, text: readable(model.decode(ids)), token });
  };
}

function beamObserver(segment: number, text: TextOf, model: LoadedModel, tell: Tell): Observe {
  let kept: number[] = [];
  return (step) => {
    const { alive, ended, tree } = step as BeamStep;
    const shape = (node: BeamStep['alive'][number], state: BeamNode['state']): BeamNode => ({
      id: node.token,
      text: text(node.token),
      logProb: node.logProb,
      total: node.total,
      parent: kept.indexOf(node.parent),
      state,
    });
    const nodes = [
      ...alive.map((node) => shape(node, 'kept')),
      ...ended.map((node) => shape(node, 'finished')),
    ];
    const ids = tokensOf(tree, alive[0] ?? ended[0]).filter((id) => id !== model.eos);
    kept = alive.map(({ id }) => id);
    tell({ type: 'step', segment, step: step.step - 1, text: readable(model.decode(ids)), nodes });
  };
}

function candidateOf(
  { tokens, logProbs, total, score }: Hypothesis,
  model: LoadedModel,
  text: TextOf,
): Candidate {
  const scored: ScoredToken[] = logProbs.map((logProb, i) => {
    const id = tokens[i] ?? model.eos;
    return { id, text: text(id), logProb };
  });
  return { text: readable(model.decode(tokens)), tokens: scored, logProb: total, score };
}

/** Text without the mark of a character whose last bytes are still to come. */
const readable = (text: string) => text.replace(/\uFFFD+$/, '').trim();

/** The text of single tokens; the end token's is empty. */
export function pieceTexts(model: LoadedModel): TextOf {
  const known = new Map<number, string>();
  return (id) => {
    let text = known.get(id);
    if (text === undefined) {
      text = id === model.eos ? '' : model.decode([id]);
      known.set(id, text);
    }
    return text;
  };
}
