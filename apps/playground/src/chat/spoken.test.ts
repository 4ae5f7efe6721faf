import { expect, test } from 'vitest';
import { defaultSettings } from '../api/limits.ts';
import { applyEvent, createVersion } from './conversations.ts';
import { spokenParts } from './spoken.ts';

const begun = createVersion('x', 'm', { ...defaultSettings });
const token = { id: 1, text: 'x', logProb: -1, top: [] };
const said = (text: string, segment = 0) => ({ type: 'token' as const, segment, text, token });
const timing = { queued: 0, firstToken: 1, total: 2 };
const done = { type: 'done' as const, model: 'm', translation: '', segments: [], timing };

test('of decided tokens every sentence is said once another begins, and the last one in the end', () => {
  let version = applyEvent(begun, said('Il pleut'));
  expect(spokenParts(version, 'fr')).toEqual([]);
  version = applyEvent(version, said('Il pleut. Je'));
  expect(spokenParts(version, 'fr')).toEqual(['Il pleut.']);
  version = applyEvent(version, said('Il pleut. Je lis\nun livre'));
  expect(spokenParts(version, 'fr')).toEqual(['Il pleut.', 'Je lis']);
  version = applyEvent(version, said('下雨了。我在', 1));
  expect(spokenParts(version, 'zh')).toEqual(['Il pleut.', 'Je lis', '下雨了。']);
  expect(spokenParts(applyEvent(version, done), 'zh')).toEqual([
    'Il pleut.',
    'Je lis',
    'un livre',
    '下雨了。',
    '我在',
  ]);
});

test('of a beam nothing is said before the line is finished', () => {
  let version = applyEvent(begun, { type: 'step', segment: 0, step: 0, text: 'Il pleut. Je', nodes: [] });
  expect(spokenParts(version, 'fr')).toEqual([]);
  const result = {
    text: 'Il pleut.',
    tokens: [],
    logProb: 0,
    score: 0,
    source: 'x',
    sourceTokens: [],
    alternatives: [],
  };
  version = applyEvent(version, { type: 'segment', segment: 0, result });
  expect(spokenParts(version, 'fr')).toEqual(['Il pleut.']);
  version = applyEvent(version, { type: 'step', segment: 1, step: 0, text: 'Je t', nodes: [] });
  expect(spokenParts(version, 'fr')).toEqual(['Il pleut.']);
  expect(spokenParts({ ...version, status: 'stopped' }, 'fr')).toEqual(['Il pleut.', 'Je t']);
});
