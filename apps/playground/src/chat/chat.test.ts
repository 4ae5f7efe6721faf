import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultSettings } from '../api/limits.ts';
import type { Strategy } from '../api/types.ts';
import { contractOf } from '../modes/contract.ts';
import {
  applyEvent,
  createVersion,
  searchConversations,
  titleOf,
  type Conversation,
} from './conversations.ts';
import { exportHistory, importHistory } from './history.ts';
import { decodeShare, encodeShare } from './share.ts';
import { EventParser } from './sse.ts';

test('server-sent events parse the same however they are cut', () => {
  const stream = 'event: a\ndata: {"x":1}\n\n: comment\n\ndata: two\ndata: lines\r\n\r\n';
  fc.assert(
    fc.property(fc.array(fc.nat({ max: stream.length }), { maxLength: 6 }), (cuts) => {
      const parser = new EventParser();
      const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const chunks = places.slice(1).map((end, i) => stream.slice(places[i], end));
      expect(chunks.flatMap((chunk) => parser.push(chunk))).toEqual(['{"x":1}', 'two\nlines']);
    }),
  );
});

const strategiesOf = (mode: string) => Object.keys(contractOf(mode).strategies) as Strategy[];

test('a share link reproduces text, model, settings and forced beginning', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.record({
        beam: fc.integer({ min: 1, max: 12 }),
        temperature: fc.double({ min: 0.05, max: 3, noNaN: true }),
        seed: fc.nat({ max: 4294967295 }),
      }),
      fc.array(fc.nat()),
      fc.nat(),
      fc
        .constantFrom('translate', 'generate')
        .chain((mode) =>
          fc.record({ mode: fc.constant(mode), strategy: fc.constantFrom(...strategiesOf(mode)) }),
        ),
      (text, change, prefix, line, { mode, strategy }) => {
        const settings = { ...contractOf(mode).defaults, ...change, strategy };
        const prefixLine = prefix.length > 0 ? line : 0;
        const shared = { mode, text, model: 'a/b', settings, prefix, prefixLine };
        expect(decodeShare(`#${encodeShare(shared)}`)).toEqual(shared);
      },
    ),
  );
});

test('a damaged share link falls back to defaults', () => {
  expect(decodeShare('')).toBeUndefined();
  expect(decodeShare('#beam=3')).toBeUndefined();
  expect(decodeShare('#text=a&beam=999&temperature=x&strategy=magic&prefix=1.b')).toEqual({
    mode: 'translate',
    text: 'a',
    model: '',
    settings: { ...defaultSettings },
    prefix: [],
    prefixLine: 0,
  });
  expect(decodeShare('#mode=generate&text=a&strategy=beam')!.settings.strategy).toBe('sampling');
  expect(decodeShare('#text=a&prefix=1&line=-1')).toMatchObject({ prefix: [], prefixLine: 0 });
  expect(decodeShare('#text=a&beam=2.4&seed=&maxLength=7.5&temperature=0.75')!.settings).toEqual({
    ...defaultSettings,
    beam: 2,
    maxLength: 8,
    temperature: 0.75,
  });
});

test('titles are one line, cut at a word', () => {
  expect(titleOf('  short\nsecond ')).toBe('short');
  expect(titleOf('These are quite a few words that go on for longer than a title')).toBe(
    'These are quite a few words that go on for…',
  );
  expect(titleOf('\n')).toBe('…');
});

const conversation = (id: string, source: string): Conversation => ({
  id,
  mode: 'translate',
  title: `Title ${id}`,
  createdAt: 1,
  updatedAt: 2,
  turns: [{ id: 't', versions: [createVersion(source, 'm', { ...defaultSettings })], current: 0 }],
});

test('search looks for every word in titles, sources and outputs', () => {
  let second = conversation('b', 'The cat');
  second = {
    ...second,
    turns: [
      {
        ...second.turns[0]!,
        versions: [
          applyEvent(second.turns[0]!.versions[0]!, {
            type: 'step',
            segment: 0,
            step: 0,
            text: 'Le chat',
            nodes: [],
          }),
        ],
      },
    ],
  };
  const all = [conversation('a', 'A dog'), second];
  expect(searchConversations(all, '').length).toBe(2);
  expect(searchConversations(all, 'CHAT title').map(({ id }) => id)).toEqual(['b']);
  expect(searchConversations(all, 'chat dog')).toEqual([]);
});

test('exported conversations import again, their unfinished answers as stopped; other files are refused', () => {
  const [back] = importHistory(exportHistory([conversation('a', 'A dog')]));
  expect(back).toMatchObject({ id: 'a', turns: [{ versions: [{ source: 'A dog', status: 'stopped' }] }] });
  expect(() => importHistory('nonsense')).toThrow('not JSON');
  expect(() => importHistory('{"a":1}')).toThrow('no conversations');
  expect(importHistory('{"format":"d2lts-conversations","conversations":[{"id":1}]}')).toEqual([]);
});
