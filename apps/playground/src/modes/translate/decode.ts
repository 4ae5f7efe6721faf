// Translates one line: runs the wanted search on a model, tells every step, shapes the result.
import {
  beamSteps,
  greedySteps,
  lengthDivisor,
  sampleSteps,
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
import { ForcedPrefix, type ForcedToken } from './forcedPrefix.ts';

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
  const decoder = new ForcedPrefix(model.searchDecoder({ attention: request.attention }), prefix, model.bos);
  checkPrefix(prefix, decoder.vocabSize, model);
  const ended = prefix.at(-1) === model.eos;
  if (ended) await discard(decoder, ids);

  const steps = ended ? undefined : searchOf(decoder, ids, model, request, prefix.length);
  const observe =
    request.strategy === 'beam'
      ? beamObserver(segment, text, model, tell)
      : tokenObserver(segment, text, model, tell);
  let told = false;
  let hypotheses: Hypothesis[] = [];
  if (steps) {
    for (;;) {
      if (cancelled()) {
        await steps.return([]);
        throw new Cancelled();
      }
      const next = await steps.next();
      if (!told) observe.begin(decoder.said);
      told = true;
      if (next.done) {
        hypotheses = next.value[0]!.hypotheses;
        break;
      }
      observe.step(next.value);
    }
  }
  if (!told) observe.begin(decoder.said);

  const candidates = hypotheses.map((hypothesis) =>
    candidateOf(hypothesis, decoder.said, model, request, text),
  );
  const [best = candidateOf(undefined, decoder.said, model, request, text), ...alternatives] = candidates;
  const result: Segment = { ...best, source, sourceTokens, alternatives };
  const weights = [...decoder.said.map(({ attention }) => attention), ...(hypotheses[0]?.attention ?? [])];
  if (request.attention && weights.length > 0 && weights.every((row) => row !== undefined))
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

/** Runs the prefix alone, when it already ends the sentence. */
async function discard(
  decoder: ForcedPrefix<readonly number[], unknown>,
  ids: readonly number[],
): Promise<void> {
  decoder.dispose(await decoder.start([ids]));
}

function searchOf(
  decoder: StepDecoder<readonly number[], unknown>,
  ids: readonly number[],
  model: LoadedModel,
  request: TranslateRequest,
  said: number,
): Steps {
  const { bos, eos, banned: bannedTokens } = model;
  const { repetitionPenalty, beam, lengthPenalty, seed, temperature, topK, topP, minP } = request;
  const maxLength = Math.max(1, Math.min(request.maxLength, model.maxLength(ids.length)) - said);
  const common = { bos, eos, bannedTokens, maxLength, repetitionPenalty };
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

interface Observer {
  /** Told once, when the forced beginning has been said. */
  begin(said: readonly ForcedToken[]): void;
  step(step: TokenStep | BeamStep): void;
}

/** What a token reads. */
export type TextOf = (id: number) => string;

function tokenObserver(segment: number, text: TextOf, model: LoadedModel, tell: Tell): Observer {
  const ids: number[] = [];
  const say = (token: OutputToken) => {
    if (token.id !== model.eos) ids.push(token.id);
    tell({ type: 'token', segment, text: readable(model.decode(ids)), token });
  };
  return {
    begin: (said) =>
      said.forEach(({ id, logProb }) =>
        say({ id, logProb, text: text(id), top: [{ id, logProb, text: text(id) }] }),
      ),
    step: (step) => {
      const { node, logProbs } = step as TokenStep;
      const top = topOf(logProbs, topCount).map((id) => ({ id, text: text(id), logProb: logProbs[id]! }));
      say({ id: node.token, text: text(node.token), logProb: node.logProb, top });
    },
  };
}

function beamObserver(segment: number, text: TextOf, model: LoadedModel, tell: Tell): Observer {
  let count = 0;
  let kept: number[] = [];
  let offset = 0;
  const prefix: number[] = [];
  const say = (nodes: BeamNode[], ids: readonly number[]) => {
    tell({ type: 'step', segment, step: count, text: readable(model.decode(ids)), nodes });
    count += 1;
  };
  return {
    begin: (said) => {
      for (const { id, logProb } of said) {
        offset += logProb;
        const parent = prefix.length === 0 ? -1 : 0;
        if (id !== model.eos) prefix.push(id);
        const state = id === model.eos ? 'finished' : 'kept';
        say([{ id, text: text(id), logProb, total: offset, parent, state }], prefix);
      }
    },
    step: (step) => {
      const { alive, ended, tree } = step as BeamStep;
      const shape = (node: BeamStep['alive'][number], state: BeamNode['state']): BeamNode => ({
        id: node.token,
        text: text(node.token),
        logProb: node.logProb,
        total: offset + node.total,
        parent: node.parent < 0 ? (prefix.length > 0 ? 0 : -1) : kept.indexOf(node.parent),
        state,
      });
      const nodes = [
        ...alive.map((node) => shape(node, 'kept')),
        ...ended.map((node) => shape(node, 'finished')),
      ];
      const path: number[] = [];
      for (let at = alive[0] ?? ended[0]; at; at = tree[at.parent])
        if (at.token !== model.eos) path.unshift(at.token);
      kept = alive.map(({ id }) => id);
      say(nodes, [...prefix, ...path]);
    },
  };
}

function candidateOf(
  hypothesis: Hypothesis | undefined,
  said: readonly ForcedToken[],
  model: LoadedModel,
  request: TranslateRequest,
  text: TextOf,
): Candidate {
  const found: ScoredToken[] = (hypothesis?.logProbs ?? []).map((logProb, i) => {
    const id = hypothesis!.tokens[i] ?? model.eos;
    return { id, text: text(id), logProb };
  });
  const tokens = [...said.map(({ id, logProb }) => ({ id, text: text(id), logProb })), ...found];
  const logProb = tokens.reduce((sum, token) => sum + token.logProb, 0);
  const alpha = request.strategy === 'beam' ? request.lengthPenalty : 0;
  const ids = tokens.map(({ id }) => id).filter((id) => id !== model.eos);
  return {
    text: readable(model.decode(ids)),
    tokens,
    logProb,
    score: logProb / lengthDivisor(model.lengthPenalty, alpha, tokens.length),
  };
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
