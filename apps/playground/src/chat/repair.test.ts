// A damaged or hostile file of conversations is mended so far that everything it holds can be drawn.
import * as fc from 'fast-check';
import { createElement, type ComponentType, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { defaultSettings } from '../api/limits.ts';
import { StringsProvider } from '../i18n/Strings.tsx';
import { Answer as GenerateAnswer } from '../modes/generate/Answer.tsx';
import { NextTokens } from '../modes/generate/NextTokens.tsx';
import { Answer as TranslateAnswer } from '../modes/translate/Answer.tsx';
import { BeamTree } from '../modes/translate/why/BeamTree.tsx';
import { Candidates } from '../modes/translate/why/Candidates.tsx';
import { Probabilities } from '../modes/translate/why/Probabilities.tsx';
import { Score } from '../modes/translate/why/Score.tsx';
import { RequestView } from '../ui/RequestView.tsx';
import { ChatProvider } from '../ui/chatContext.tsx';
import { ToastProvider } from '../ui/Toast.tsx';
import type { WhyProps } from '../ui/WhyPanel.tsx';
import { searchConversations, type Conversation } from './conversations.ts';
import {
  exportHistory,
  importHistory,
  loadHistory,
  saveConversation,
  type KeyValueStore,
} from './history.ts';

vi.stubGlobal('location', { origin: 'http://localhost' });

const token = { id: 7, text: ' a', logProb: -0.5 };
const candidate = { text: 'a', tokens: [token], logProb: -0.5, score: -0.25 };
const whole = {
  id: 'c0ffee',
  mode: 'translate',
  title: 'Hello',
  createdAt: 1,
  updatedAt: 2,
  turns: [
    {
      id: 't',
      current: 1,
      versions: ['v', 'w'].map((id) => ({
        id,
        source: 'Hello.\nYou.',
        model: 'm',
        settings: { ...defaultSettings },
        prefix: [7],
        prefixLine: 1,
        status: 'done',
        waiting: 0,
        lines: [
          {
            text: 'a',
            sourceTokens: ['Hello', '.'],
            tokens: [{ ...token, top: [token] }],
            steps: [
              [{ ...token, total: -0.5, parent: -1, state: 'kept' }],
              [
                { ...token, total: -1, parent: 0, state: 'kept' },
                { ...token, total: -2, parent: 0, state: 'finished' },
              ],
            ],
            result: {
              ...candidate,
              source: 'Hello.',
              sourceTokens: ['Hello', '.'],
              alternatives: [candidate],
            },
          },
        ],
        timing: { queued: 1, firstToken: 2, total: 3 },
      })),
    },
  ],
} satisfies Conversation;
const file = (conversations: unknown) => JSON.stringify({ format: 'd2lts-conversations', conversations });

/** Every place in a value, as the way to it. */
function placesOf(value: unknown, way: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...way, key]))];
}

function spoil(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  copy[key] = spoil(copy[key], rest, by);
  return copy;
}

const draw = (...children: ReactNode[]) => {
  const within = (Provider: ComponentType<{ children: ReactNode }>, inner: ReactNode) =>
    createElement(Provider, null, inner);
  const page = within(ToastProvider, createElement('div', null, ...children));
  const chat = createElement(ChatProvider, { modes: ['translate', 'generate'], children: page });
  return renderToString(createElement(StringsProvider, { initial: 'en', children: chat }));
};

/** Draws all turns, and every view of every version. */
function drawAll({ id, mode, turns }: Conversation): string {
  const Answer = mode === 'translate' ? TranslateAnswer : GenerateAnswer;
  const views: ComponentType<WhyProps>[] = [
    Candidates,
    BeamTree,
    Probabilities,
    Score,
    NextTokens,
    RequestView,
  ];
  return draw(
    ...turns.map((turn) =>
      createElement(Answer, { key: turn.id, conversationId: id, turn, onEdit: () => {} }),
    ),
    ...turns.flatMap(({ versions }) =>
      versions.flatMap((version) =>
        version.lines.flatMap((line, at) =>
          views.map((View, i) =>
            createElement(View, { key: `${version.id}.${at}.${i}`, version, line, onAgain: () => {} }),
          ),
        ),
      ),
    ),
  );
}

test('what is whole stays as it is', () => {
  expect(importHistory(file([whole]))).toEqual([whole]);
  const html = drawAll(whole);
  for (const shown of ['Hello.', 'finished', '-0.250', '/api/v1/translate']) expect(html).toContain(shown);
});

test('whatever is spoiled, what is left can be drawn, searched and saved again', () => {
  const bad = fc.oneof(
    fc.constantFrom(null, -1, 0, 1e300, 1.5, '', '__proto__', '../../x', [], {}, [null], [[]], true),
    fc.constantFrom({ length: 3 }, ['a'], [{}], 'translate', 'generate', 'queued', 'error', '\u202E<b>'),
    fc.json().map((text) => JSON.parse(text) as unknown),
  );
  const spoiled = fc
    .array(fc.tuple(fc.constantFrom(...placesOf(whole)), bad), { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce<unknown>((value, [way, by]) => spoil(value, way, by), whole));
  fc.assert(
    fc.property(fc.array(spoiled, { minLength: 1, maxLength: 3 }), (conversations) => {
      const found = importHistory(file(conversations));
      for (const conversation of found) {
        drawAll(conversation);
        new Date(conversation.updatedAt).toISOString();
      }
      searchConversations(found, 'a b');
      expect(importHistory(exportHistory(found))).toEqual(found);
      expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    }),
    { numRuns: 40 },
  );
});

test('a tree that does not hang together ends where it breaks; ids are one’s own; the shown version exists', () => {
  const lines = '.turns.0.versions.1.lines.0';
  const spoilAt = (way: string, by: unknown) =>
    importHistory(file([spoil(whole, way.split('.').slice(1), by)]))[0]!.turns[0]!;
  expect(spoilAt(`${lines}.steps.1.0.parent`, 4).versions[1]!.lines[0]!.steps).toHaveLength(1);
  expect(spoilAt(`${lines}.steps.0`, 'x').versions[1]!.lines[0]!.steps).toEqual([]);
  expect(spoilAt('.turns.0.current', 9).current).toBe(0);
  expect(spoilAt('.turns.0.versions.1.status', 'streaming').versions[1]!.status).toBe('stopped');
  const [first, second] = spoilAt('.turns.0.versions.1.id', 'v').versions;
  expect(first!.id).not.toBe(second!.id);
});

test('what a full storage left out is said, not shown as if it had never been', () => {
  let room = JSON.stringify(whole).length - 1;
  const entries = new Map<string, string>();
  const storage = {
    setItem: (key: string, value: string) => {
      if (value.length > room) throw new Error('full');
      entries.set(key, value);
    },
  } as unknown as KeyValueStore;
  expect(saveConversation(storage, whole)).toBe(true);
  const [slim] = importHistory(file([...entries.values()].map((text) => JSON.parse(text) as unknown)));
  const notKept = /storage was full, so this was not kept/g;
  expect(drawAll(whole)).not.toMatch(notKept);
  expect(drawAll(slim!).match(notKept)).toHaveLength(2 * 2); // the tree and the next tokens of both versions
  room = 100;
  expect(saveConversation(storage, whole)).toBe(false);
});

test('the browser’s storage is mended too; an entry under another’s name is left out', () => {
  const entries = [
    [
      'd2lts.conversation.c0ffee',
      JSON.stringify({ ...whole, turns: [null, { ...whole.turns[0], current: 7 }] }),
    ],
    ['d2lts.conversation.other', JSON.stringify(whole)],
    ['d2lts.conversation.broken', '{'],
  ] as const;
  const storage = {
    length: entries.length,
    key: (i: number) => entries[i]![0],
    getItem: (key: string) => entries.find(([name]) => name === key)![1],
  } as unknown as KeyValueStore;
  const found = loadHistory(storage);
  expect(found).toMatchObject([{ id: 'c0ffee', turns: [{ current: 0 }] }]);
});
