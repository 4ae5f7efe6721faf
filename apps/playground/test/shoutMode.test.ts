// A mode is one folder and a line of each registry: a toy one is added in no other way, and works from the text box to the worker.
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@d2lts/core';
import { createElement, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ModelList, StreamEvent } from '../src/api/types.ts';
import { fetchModels, postJson, streamAnswer } from '../src/chat/client.ts';
import { textOf } from '../src/chat/conversations.ts';
import { decodeShare, encodeShare } from '../src/chat/share.ts';
import { nearestSetting } from '../src/chat/soundSettings.ts';
import { ChatStore } from '../src/chat/store.ts';
import { EngineHost } from '../src/engine/host.ts';
import { ModelEngine } from '../src/engine/modelEngine.ts';
import { findModels } from '../src/engine/modelFolders.ts';
import { explainError } from '../src/i18n/errors.ts';
import type { Locale } from '../src/i18n/locale.ts';
import { StringsProvider } from '../src/i18n/Strings.tsx';
import { contractOf, hasSettings } from '../src/modes/contract.ts';
import { modes } from '../src/modes/index.ts';
import type { ChatMode } from '../src/modes/mode.ts';
import { createApp } from '../src/server/app.ts';
import { openapi } from '../src/server/openapi.ts';
import { ChatProvider } from '../src/ui/chatContext.tsx';
import { CommandPalette } from '../src/ui/CommandPalette.tsx';
import { Composer } from '../src/ui/Composer.tsx';
import { Header } from '../src/ui/Header.tsx';
import { SettingsSheet } from '../src/ui/SettingsSheet.tsx';
import { ThemeProvider } from '../src/ui/Theme.tsx';
import { Thread } from '../src/ui/Thread.tsx';
import { ToastProvider } from '../src/ui/Toast.tsx';
import { DescribedAnswers, type Document } from './describedAnswer.ts';
import { writeModelFolder } from './modelFolder.ts';
import { Shelf } from './shelf.ts';
import { threadOf } from './threads.ts';

vi.mock('../src/modes/contracts.ts', async (original) => {
  const { contracts } = await original<typeof import('../src/modes/contracts.ts')>();
  return { contracts: [...contracts, (await import('./shoutMode/contract.ts')).shoutContract] };
});
vi.mock('../src/modes/engines.ts', async (original) => {
  const { modeEngines } = await original<typeof import('../src/modes/engines.ts')>();
  return { modeEngines: [...modeEngines, (await import('./shoutMode/engine.ts')).shoutEngine] };
});
vi.mock('../src/modes/routes.ts', async (original) => {
  const { modeRoutes } = await original<typeof import('../src/modes/routes.ts')>();
  return { modeRoutes: [...modeRoutes, (await import('./shoutMode/routes.ts')).shoutRoutes] };
});
vi.mock('../src/modes/index.ts', async (original) => {
  const own = await original<typeof import('../src/modes/index.ts')>();
  return { modes: [...own.modes, (await import('./shoutMode/index.tsx')).shoutMode] };
});

const described = new DescribedAnswers(JSON.parse(JSON.stringify(openapi)) as Document);
const nativeFetch = fetch;
let folder: string;
let host: EngineHost;
let server: Server;
let origin: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'd2lts-shout-'));
  await writeModelFolder(join(folder, 'loud'), '{"format":"shout","words":3}');
  const engine = new ModelEngine(await useBackend(), await findModels([folder]));
  host = new EngineHost(() => threadOf(engine));
  server = createApp(host);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The page asks its own origin.
  vi.stubGlobal('fetch', (path: string, init?: RequestInit) => nativeFetch(origin + path, init));
});
afterAll(async () => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
  await host.close();
  await rm(folder, { recursive: true });
});

const post = async (path: string, body: object) => {
  const response = await nativeFetch(origin + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { status } = response;
  return { status, told: await described.read('POST', path, response) };
};

test('its models are listed with what their folder says', async () => {
  const response = await nativeFetch(`${origin}/api/v1/models`);
  const list = (await described.read('GET', '/api/v1/models', response)) as ModelList;
  expect(list.default).toBeNull();
  expect(list.models).toMatchObject([
    { id: 'loud', task: 'shout', decoding: { maxLength: 3 }, shows: { attention: false } },
  ]);
});

test('its route streams tokens or answers whole, as the description says, with the model’s own settings', async () => {
  const { told } = await post('/api/v1/shout', { text: 'good morning to you' });
  const events = told as StreamEvent[];
  expect(events.map(({ type }) => type)).toEqual(['start', 'token', 'token', 'token', 'segment', 'done']);
  expect(events.at(-1)).toMatchObject({ model: 'loud', shouted: 'GOOD MORNING TO' });
  expect(await post('/api/v1/shout', { text: 'a b c d', words: 4, stream: false })).toMatchObject({
    status: 200,
    told: { model: 'loud', shouted: 'A B C D', timing: { total: expect.any(Number) as number } },
  });
});

test.each([
  [{ text: ' ' }, 400, 'invalid_request', 'text: must not be empty'],
  [{ text: 'a'.repeat(101) }, 400, 'invalid_request', 'text: '],
  [{ text: 'a', words: 21 }, 400, 'invalid_request', 'words: '],
  [{ text: 'a', beam: 4 }, 400, 'invalid_request', 'beam'],
  [{ text: 'a', model: 'silent' }, 404, 'unknown_model', 'choose one of loud'],
  [{ text: 'a whisper', stream: false }, 422, 'too_quiet', 'A whisper cannot be shouted'],
])('its route refuses %j', async (body, status, code, message) => {
  expect(await post('/api/v1/shout', body)).toMatchObject({
    status,
    told: { error: { code, message: expect.stringContaining(message) as string } },
  });
});

test('it has nothing to tell of attention, and its models serve no other mode', async () => {
  const body = { task: 'shout', model: 'loud', text: 'a', tokens: [0] };
  expect((await post('/api/v1/attention', body)).told).toEqual({ model: 'loud', maps: [] });
  const path = '/api/v1/translate';
  expect(await post(path, { text: 'a', model: 'loud' })).toMatchObject({
    told: { error: { code: 'no_model' } },
  });
});

const storeOf = (shelf: Shelf) => {
  const ids = modes.map(({ id }) => id);
  const store = new ChatStore({ storage: () => shelf, stream: streamAnswer, fetchModels, modes: ids });
  store.start();
  return store;
};

test('the page asks it, keeps the conversation, and shares it', async () => {
  const shelf = new Shelf();
  const store = storeOf(shelf);
  store.setMode('shout');
  await vi.waitFor(() => expect(store.getState().models.status).toBe('ready'));
  expect(store.getState()).toMatchObject({ model: 'loud', settings: { strategy: 'greedy', maxLength: 3 } });
  store.setSettings({ maxLength: 2 });
  store.send('shout', 'good morning to you');
  const version = () => store.getState().conversations[0]!.turns[0]!.versions[0]!;
  await vi.waitFor(() => expect(version().status).toBe('done'));
  expect(textOf(version())).toBe('GOOD MORNING');
  const reloaded = storeOf(shelf).getState();
  expect(reloaded).toMatchObject({ mode: 'shout', settings: { maxLength: 2 } });
  expect(reloaded.conversations).toEqual(store.getState().conversations);

  const { source: text, model, settings } = version();
  const shared = { mode: 'shout', text, model, settings, prefix: [], prefixLine: 0 };
  expect(decodeShare(encodeShare(shared))).toEqual(shared);
  const longest = (wanted: number) =>
    decodeShare(`mode=shout&text=a&maxLength=${wanted}`)!.settings.maxLength;
  expect([longest(20), longest(21)]).toEqual([20, 5]);
});

test('what the page asks is the body that the route takes, and the whole answer is read back', async () => {
  const { requestBody, outputOf, defaults } = contractOf('shout');
  const body = requestBody({ text: 'hello', model: 'loud', settings: defaults });
  expect(body).toEqual({ text: 'hello', model: 'loud', words: 5 });
  expect(outputOf(await postJson('/api/v1/shout', { ...body, stream: false }))).toBe('HELLO');
});

test('its errors speak Chinese', () => {
  expect(explainError('too_quiet', 'A whisper', 'zh')).toBe('太小声了：A whisper');
  expect(explainError('too_quiet', 'A whisper', 'en')).toBe('A whisper');
});

const nothing = () => {};
const draw = (locale: Locale, ...children: ReactNode[]) => {
  const page = createElement(ToastProvider, null, ...children);
  const themed = createElement(ThemeProvider, { initial: 'system', children: page });
  const chat = createElement(ChatProvider, { modes: modes.map(({ id }) => id), children: themed });
  return renderToString(createElement(StringsProvider, { initial: locale, children: chat }));
};
const mode = () => modes.find(({ id }) => id === 'shout') as ChatMode;
const box = { ref: { current: null }, draft: '', onDraft: nothing, editing: false, onCancelEdit: nothing };
const composer = { ...box, onSend: nothing, onEditLast: nothing, onPanel: nothing, pending: false };
const header = { sidebarShown: true, onMenu: nothing, onNew: nothing, onPanel: nothing, onMode: nothing };
const palette = { onClose: nothing, onOpen: nothing, onSidebar: nothing, onPanel: nothing, onMode: nothing };

test.each([
  ['en', ['Shout', 'Say it loudly', 'Type quietly …', 'Text to shout', 'Shout it', 'good morning']],
  ['zh', ['大喊', '大声说', '轻声输入……', '要喊的文本', '喊出来', 'good morning']],
] as const)('the page says its words in %s', (locale, words) => {
  const html = draw(
    locale,
    createElement(Header, { ...header, mode: 'shout' }),
    createElement(Thread, { mode: mode(), conversation: undefined, onExample: nothing, onEdit: nothing }),
    createElement(Composer, { ...composer, mode: mode() }),
  );
  for (const word of words) expect(html).toContain(word);
  expect(draw(locale, createElement(CommandPalette, { ...palette, chat: true, decoding: true }))).toContain(
    words[0],
  );
});

test('the settings are those that it has, within its bounds', () => {
  const html = draw('en', createElement(SettingsSheet, { mode: mode(), source: '' }));
  expect(html.match(/type="radio"/g)).toHaveLength(1);
  expect(html).toContain('Nothing was shouted yet.');
  const nearest = (wanted: number) => nearestSetting(mode(), 'maxLength', wanted);
  expect([nearest(0), nearest(7.4), nearest(999)]).toEqual([1, 7, 20]);
});

test('a mode with nothing to set shows no settings', () => {
  const shown = (mode: ChatMode) =>
    draw(
      'en',
      createElement(Composer, { ...composer, mode }),
      createElement(CommandPalette, { ...palette, chat: true, decoding: hasSettings(mode) }),
    ).match(/Decoding/g)?.length ?? 0;
  expect(shown(mode())).toBe(2);
  expect(shown({ ...mode(), strategies: {} })).toBe(0);
});
