// A test double for the models: "translates" by spelling the words backwards, with every event a model tells.
import { setTimeout as wait } from 'node:timers/promises';
import { ValueError } from '@d2lts/core';
import type {
  AttentionRequest,
  BeamNode,
  Candidate,
  LabelledMap,
  ModelCard,
  OutputToken,
  Segment,
  Task,
} from '../src/api/types.ts';
import { defaultSettings } from '../src/api/limits.ts';
import { Cancelled, emptySegment, type Engine, type Tell } from '../src/engine/engine.ts';
import type { GenerateRequest } from '../src/modes/generate/contract.ts';
import type { ProbabilitiesRequest, TranslateRequest } from '../src/modes/translate/contract.ts';

const card = (id: string, task: Task = 'translate'): ModelCard => ({
  id,
  task,
  name: `Echo ${id}`,
  architecture: 'echo',
  source: 'en',
  target: 'fr',
  parameters: 1_234_567,
  bytes: 2_469_134,
  data: 'none',
  metrics: [
    { name: 'BLEU', value: 38.2, signature: 'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0' },
  ],
  decoding: { beam: 4, lengthPenalty: 1 },
  shows: { attention: true, beamTree: true, probabilities: true },
});

type Work<Request> = (request: Request, tell: Tell, cancelled: () => boolean) => Promise<Segment[]>;

/** Each token looks at the one word of the text at its place. */
const attend: Work<AttentionRequest> = ({ text, tokens }) => {
  const columns = text.split(/\s+/);
  const layers = [[tokens.map((_, row) => columns.map((_, column) => Number(row === column)))]];
  const maps: LabelledMap[] = [{ kind: 'cross', layers, rows: tokens.map(String), columns }];
  return Promise.resolve([{ ...emptySegment(text), maps }]);
};

/** Each token is as likely as in a translation. */
const probabilities: Work<ProbabilitiesRequest> = ({ text, tokens }) => {
  const outputs = tokens.map((id) => ({
    id,
    text: String(id),
    logProb: -0.1,
    top: [{ id, text: String(id), logProb: -0.1 }],
  }));
  return Promise.resolve([{ ...emptySegment(text), outputs }]);
};

/** Words backwards; a word "fail" fails, "missing" is a file that is not there, "mistake" is refused; `delay` milliseconds a token. */
export function createEchoEngine(delay = 0, ids = ['one', 'two']): Engine {
  const translate: Work<TranslateRequest> = async (request, tell, cancelled) => {
    const segments: Segment[] = [];
    for (const [segment, source] of request.text.split('\n').entries()) {
      const sourceTokens = source.split(/\s+/).filter((word) => word !== '');
      tell({ type: 'start', segment, source, sourceTokens });
      const tokens: OutputToken[] = [];
      const width = request.strategy === 'beam' ? request.beam : 1;
      for (const [id, word] of sourceTokens.entries()) {
        if (delay > 0) await wait(delay);
        if (cancelled()) throw new Cancelled();
        if (word === 'fail') throw new Error('the echo broke');
        if (word === 'mistake')
          throw new ValueError({
            operation: 'echo',
            fact: 'no mistakes',
            advice: 'say another',
            code: 'bad_word',
          });
        if (word === 'missing')
          throw Object.assign(new Error("ENOENT: no such file, open '/secret/file'"), { code: 'ENOENT' });
        const text = `${id === 0 ? '' : ' '}${[...word].toReversed().join('')}`;
        const top = [0, 1, 2].map((i) => ({
          id: id + i * 100,
          text: i === 0 ? text : `${text}${i}`,
          logProb: -0.1 - i,
        }));
        tokens.push({ ...top[0]!, top });
        const said = tokens.map((token) => token.text).join('');
        if (width === 1) tell({ type: 'token', segment, text: said, token: tokens.at(-1)! });
        else {
          const nodes: BeamNode[] = Array.from({ length: width }, (_, i) => ({
            id: id + i * 100,
            text: i === 0 ? text : `${text}${i}`,
            logProb: -0.1 - i * 0.4,
            total: -0.1 * (id + 1) - i * 0.4,
            parent: id === 0 ? -1 : Math.floor(i / 2),
            state: 'kept',
          }));
          tell({ type: 'step', segment, step: id, text: said, nodes });
        }
      }
      const logProb = -0.1 * tokens.length;
      const best: Candidate = {
        text: tokens.map((token) => token.text).join(''),
        tokens: tokens.map(({ top: _top, ...token }) => token),
        logProb,
        score: logProb / Math.max(1, tokens.length) ** request.lengthPenalty,
      };
      const result: Segment = {
        ...best,
        source,
        sourceTokens,
        alternatives: Array.from({ length: width - 1 }, (_, i) => ({
          ...best,
          text: `${best.text}${i + 1}`,
          score: best.score - i - 1,
        })),
        ...(request.attention ? { attention: diagonal(tokens.length, sourceTokens.length) } : {}),
      };
      segments.push(result);
      tell({ type: 'segment', segment, result });
    }
    return segments;
  };
  /** Repeats the prompt's words, backwards too. */
  const generate: Work<GenerateRequest> = ({ prompt, model, maxTokens }, tell, cancelled) => {
    const text = prompt.split(/\s+/).slice(0, maxTokens).join(' ');
    const request = { ...defaultSettings, strategy: 'greedy', text, model, prefix: [], attention: false };
    return translate(request as TranslateRequest, tell, cancelled);
  };
  const jobs: Record<string, Work<never>> = {
    'translate answer': translate,
    'generate answer': generate,
    'translate attention': attend,
    'generate attention': attend,
    'translate probabilities': probabilities,
  };
  return {
    backend: { name: 'echo', reason: 'test double', threads: 1 },
    memory: () => ({ tensors: 0, tensorBytes: 0 }),
    models: () => [...ids.map((id) => card(id)), card('writer', 'generate')],
    run: ({ task, kind, request }, tell, cancelled) =>
      jobs[`${task} ${kind}`]!(request as never, tell, cancelled),
  };
}

function diagonal(rows: number, columns: number) {
  const head = (spread: number) =>
    Array.from({ length: rows }, (_, r) => {
      const raw = Array.from({ length: columns }, (_, c) => Math.exp(-Math.abs(r - c) * spread));
      const sum = raw.reduce((a, b) => a + b, 0);
      return raw.map((value) => value / sum);
    });
  return {
    kind: 'cross' as const,
    layers: [
      [head(2), head(1)],
      [head(0.5), head(3)],
    ],
  };
}
