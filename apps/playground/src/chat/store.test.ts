import { expect, test } from 'vitest';
import { Shelf } from '../../test/shelf.ts';
import { defaultSettings } from '../api/limits.ts';
import type { ModelList, StreamEvent } from '../api/types.ts';
import { contractOf, type Ask } from '../modes/contract.ts';
import { createVersion, textOf } from './conversations.ts';
import { loadHistory } from './history.ts';
import { ChatStore, type StoreServices } from './store.ts';

const list: ModelList = {
  models: [
    { id: 'm', task: 'translate' },
    { id: 'n', task: 'translate', decoding: { beam: 7 } },
    { id: 'w', task: 'generate', decoding: { temperature: 0.8 } },
  ] as ModelList['models'],
  default: 'm',
  defaults: { ...defaultSettings },
};
const said = (text: string): StreamEvent[] => [
  { type: 'start', segment: 0, source: text, sourceTokens: [text] },
  { type: 'token', segment: 0, text: text.toUpperCase(), token: { id: 1, text, logProb: -1, top: [] } },
  {
    type: 'done',
    model: 'm',
    translation: text.toUpperCase(),
    segments: [],
    timing: { queued: 0, firstToken: 1, total: 2 },
  } as StreamEvent,
];

function storeOf(services: Partial<StoreServices> = {}, shelf = new Shelf()) {
  const asked: Ask[] = [];
  const store = new ChatStore({
    storage: () => shelf,
    fetchModels: async () => list,
    modes: ['translate', 'generate', 'page'],
    async *stream(_mode, ask) {
      asked.push(ask);
      yield* said(ask.text);
    },
    ...services,
  });
  store.start();
  return { store, shelf, asked };
}

/** A stream that fails before its first event. */
const failing = (error: Error): AsyncIterable<StreamEvent> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('sends a text, streams the answer, and finds it again after a reload', async () => {
  const { store, shelf, asked } = storeOf();
  await settled();
  store.send('translate', 'hello');
  await settled();
  const [conversation] = store.getState().conversations;
  expect(conversation).toMatchObject({
    title: 'hello',
    turns: [{ versions: [{ status: 'done', model: 'm' }] }],
  });
  expect(textOf(conversation!.turns[0]!.versions[0]!)).toBe('HELLO');
  expect(asked[0]).toMatchObject({
    text: 'hello',
    model: 'm',
    settings: { strategy: 'beam' },
  });
  const reloaded = storeOf({}, shelf).store.getState();
  expect(reloaded.conversations).toEqual([conversation]);
  expect(reloaded.activeId).toBe(conversation!.id);
});

test('a second version is shown and the first one is kept', async () => {
  const { store } = storeOf();
  store.send('translate', 'one');
  const { id, turns } = store.getState().conversations[0]!;
  store.addVersion(id, turns[0]!.id, createVersion('two', 'm', { ...defaultSettings }, [7]));
  await settled();
  const turn = store.getState().conversations[0]!.turns[0]!;
  expect(turn.current).toBe(1);
  expect(turn.versions.map(textOf)).toEqual(['ONE', 'TWO']);
  store.showVersion(id, turn.id, 0);
  expect(store.getState().conversations[0]!.turns[0]!.current).toBe(0);
});

test('stop keeps what was said', async () => {
  const { store } = storeOf({
    async *stream(_mode, ask, signal) {
      yield said(ask.text)[1]!;
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    },
  });
  store.send('translate', 'half');
  await settled();
  store.stop();
  await settled();
  const [version] = store.getState().conversations[0]!.turns[0]!.versions;
  expect(version).toMatchObject({ status: 'stopped', lines: [{ text: 'HALF' }] });
});

test('a refused request is an error with its code', async () => {
  const { store } = storeOf({
    stream: () => failing(Object.assign(new Error('wait a little'), { code: 'queue_full' })),
  });
  store.send('translate', 'x');
  await settled();
  const [version] = store.getState().conversations[0]!.turns[0]!.versions;
  expect(version).toMatchObject({ status: 'error', error: { code: 'queue_full', message: 'wait a little' } });
});

test('renames, deletes, imports', async () => {
  const { store, shelf } = storeOf();
  store.send('translate', 'keep me');
  await settled();
  const { id } = store.getState().conversations[0]!;
  store.rename(id, ' New title ');
  expect(loadHistory(shelf)[0]!.title).toBe('New title');
  store.rename(id, '   ');
  expect(loadHistory(shelf)[0]!.title).toBe('New title');
  const kept = loadHistory(shelf);
  store.remove(id);
  expect(store.getState()).toMatchObject({ conversations: [], activeId: null });
  expect(loadHistory(shelf)).toEqual([]);
  store.merge(kept);
  expect(loadHistory(shelf)).toEqual(kept);
});

test('a full storage is said, and a failed model list can be asked again', async () => {
  const shelf = new Shelf();
  shelf.room = 10;
  let tries = 0;
  const { store } = storeOf(
    {
      fetchModels: async () => {
        tries += 1;
        if (tries === 1) throw new Error('not yet');
        return list;
      },
    },
    shelf,
  );
  await settled();
  expect(store.getState().models).toMatchObject({ status: 'error', error: { message: 'not yet' } });
  await store.loadModels();
  expect(store.getState()).toMatchObject({ model: 'm', models: { status: 'ready' } });
  store.send('translate', 'does not fit');
  await settled();
  expect(store.getState().storageFull).toBe(true);
});

test('each mode has its own models and settings, and a conversation brings its mode back', async () => {
  const { store, shelf, asked } = storeOf();
  await settled();
  store.setMode('generate');
  expect(store.getState()).toMatchObject({
    model: 'w',
    settings: { strategy: 'sampling', temperature: 0.8, maxLength: 200 },
  });
  store.setSettings({ seed: 5 });
  store.send('generate', 'Once\n');
  await settled();
  const { id } = store.getState().conversations[0]!;
  store.setMode('translate');
  expect(store.getState()).toMatchObject({ activeId: null, model: 'm', settings: { seed: 0 } });
  store.select(id);
  expect(store.getState()).toMatchObject({ mode: 'generate', model: 'w', settings: { seed: 5 } });
  expect(contractOf('generate').requestBody(asked[0]!)).toMatchObject({
    prompt: 'Once\n',
    seed: 5,
    maxTokens: 200,
  });
  expect(storeOf({}, shelf).store.getState()).toMatchObject({ mode: 'generate', settings: { seed: 5 } });
  store.setMode('page');
  expect(storeOf({}, shelf).store.getState()).toMatchObject({ mode: 'page', activeId: null });
  expect(storeOf({ modes: ['translate'] }, shelf).store.getState().mode).toBe('translate');
});

test('opens a checkpoint that the server lists on request, and has it again after a reload', async () => {
  const card = { ...list.models[2]!, id: 'train/0a1b2c3d4e5f@20' };
  const fetchModels = async (included: readonly string[]) => ({
    ...list,
    models: included.includes(card.id) ? [...list.models, card] : list.models,
  });
  const { store, shelf } = storeOf({ fetchModels });
  await settled();
  await store.openModel('train/0a1b2c3d4e5f@99');
  expect(store.getState()).toMatchObject({ mode: 'translate', model: 'm' });
  await store.openModel(card.id);
  expect(store.getState()).toMatchObject({ mode: 'generate', model: card.id, activeId: null });
  store.setMode('translate');
  expect(store.getState().model).toBe('m');

  const { store: reloaded } = storeOf({ fetchModels }, shelf);
  await settled();
  reloaded.setMode('generate');
  expect(reloaded.getState()).toMatchObject({ model: card.id });
  expect(reloaded.getState().models.list!.models.map(({ id }) => id)).toEqual(['m', 'n', 'w', card.id]);
});

test('a model brings its own decoding until the user chooses, and again after a reset', async () => {
  const { store, shelf } = storeOf();
  await settled();
  const beam = () => store.getState().settings.beam;
  store.setModel('n');
  expect(beam()).toBe(7);
  store.setModel('m');
  expect(beam()).toBe(defaultSettings.beam);
  store.setSettings({ beam: 2 });
  store.setModel('n');
  expect(beam()).toBe(2);
  store.resetSettings();
  expect(beam()).toBe(7);
  expect(storeOf({}, shelf).store.getState().model).toBe('n');
});

test('a damaged choice in the storage is left out', async () => {
  const shelf = new Shelf();
  shelf.setItem('d2lts.settings.translate', JSON.stringify({ model: 7, settings: { beam: 2.6, topP: 'x' } }));
  shelf.setItem('d2lts.settings.generate', '{"model":');
  const { store } = storeOf({}, shelf);
  await settled();
  expect(store.getState()).toMatchObject({ model: 'm', settings: { ...defaultSettings, beam: 3 } });
  store.setMode('generate');
  expect(store.getState()).toMatchObject({ model: 'w', settings: { temperature: 0.8 } });
});

test('a forced beginning is asked for with its line', async () => {
  const { store, asked } = storeOf();
  await settled();
  store.send('translate', 'one\ntwo', { prefix: [5, 6], prefixLine: 1 });
  await settled();
  expect(contractOf('translate').requestBody(asked[0]!)).toMatchObject({ prefix: [5, 6], prefixLine: 1 });
});
