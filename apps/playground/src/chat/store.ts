// The page's state outside React: conversations, settings and models, with the actions that change them.
import type { DecodingSettings, ModelList, StreamEvent, Task } from '../api/types.ts';
import { activeKey } from './active.ts';
import { contractOf, findContract, type Ask } from '../modes/contract.ts';
import { contracts } from '../modes/contracts.ts';
import { askOf, type RequestError } from './client.ts';
import {
  applyEvent,
  createVersion,
  isPending,
  newId,
  titleOf,
  updateVersion,
  type Conversation,
  type Turn,
  type Version,
} from './conversations.ts';
import { deleteConversation, loadHistory, saveConversation, type KeyValueStore } from './history.ts';
import { soundSettings } from './soundSettings.ts';

/** Everything the interface draws. */
export interface ChatState {
  /** False on the server and until the browser's storage has been read. */
  ready: boolean;
  conversations: Conversation[];
  activeId: string | null;
  /** The mode shown; each with models keeps its own model and settings. */
  mode: string;
  settings: DecodingSettings;
  model: string;
  models: {
    status: 'loading' | 'ready' | 'error';
    list: ModelList | null;
    error: { code: string; message: string } | null;
  };
  /** Whether the last write to the browser's storage failed. */
  storageFull: boolean;
}

/** What the store needs from outside; tests give their own. */
export interface StoreServices {
  storage(): KeyValueStore;
  stream(mode: Task, ask: Ask, signal: AbortSignal): AsyncIterable<StreamEvent>;
  /** The server's models: the installed ones, the newest of each run, and the checkpoints in `included`. */
  fetchModels(included: readonly string[]): Promise<ModelList>;
  /** Ids of the modes that there are; the first one is shown first. */
  modes: readonly string[];
}

/** State on the server and during hydration. */
export const initialState: ChatState = {
  ready: false,
  conversations: [],
  activeId: null,
  mode: contracts[0]!.id,
  settings: { ...contracts[0]!.defaults },
  model: '',
  models: { status: 'loading', list: null, error: null },
  storageFull: false,
};

const settingsKey = (mode: string) => `d2lts.settings.${mode}`;
const modeKey = 'd2lts.mode';

/** Holds the state, tells subscribers, writes to storage. */
export class ChatStore {
  private state = initialState;
  private readonly listeners = new Set<() => void>();
  private readonly streams = new Map<string, AbortController>();
  private readonly services: StoreServices;
  /** Whether the user ever changed a setting; until then the model's own are used. */
  private settingsChosen = false;

  constructor(services: StoreServices) {
    this.services = services;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): ChatState => this.state;

  /** Reads the browser's storage and asks the server for its models. */
  start(): void {
    if (this.state.ready) return;
    const storage = this.services.storage();
    const conversations = loadHistory(storage);
    const activeId = storage.getItem(activeKey);
    const active = conversations.find(({ id }) => id === activeId);
    const last = storage.getItem(modeKey) ?? '';
    const { modes } = this.services;
    const mode = active?.mode ?? (modes.includes(last) ? last : modes[0]!);
    this.set({ ready: true, conversations, activeId: active?.id ?? null, ...this.choiceOf(mode) });
    void this.loadModels();
  }

  /** Asks the server for its models, again after a failure; with them those last chosen, and `wanted`. */
  async loadModels(wanted?: string): Promise<void> {
    this.set({ models: { ...this.state.models, status: 'loading', error: null } });
    try {
      const chosen = [wanted, ...this.services.modes.map((mode) => this.savedChoice(mode).model)];
      const list = await this.services.fetchModels(chosen.filter((id): id is string => Boolean(id)));
      this.set({ models: { status: 'ready', list, error: null } });
      this.set(this.choiceOf(this.state.mode));
    } catch (error) {
      this.set({ models: { status: 'error', list: null, error: describe(error) } });
    }
  }

  /** Shows a conversation in its mode, or with null the empty page of the mode that is shown. */
  select(id: string | null): void {
    const mode = this.state.conversations.find((c) => c.id === id)?.mode ?? this.state.mode;
    this.set({ activeId: id, ...(mode === this.state.mode ? {} : this.choiceOf(mode)) });
    this.remember(activeKey, id ?? '');
    this.remember(modeKey, mode);
  }

  /** Shows the empty page of a mode, with the model and the settings last used there. */
  setMode(mode: string): void {
    this.set(this.choiceOf(mode));
    this.select(null);
  }

  setSettings(change: Partial<DecodingSettings>): void {
    this.settingsChosen = true;
    this.set({ settings: { ...this.state.settings, ...change } });
    this.saveSettings();
  }

  /** Goes back to the settings of the chosen model. */
  resetSettings(): void {
    this.settingsChosen = false;
    this.saveSettings();
    this.set(this.choiceOf(this.state.mode));
  }

  /** Chooses a model, and its own settings with it unless the user chose some. */
  setModel(model: string): void {
    this.set({
      model,
      ...(this.settingsChosen ? {} : { settings: this.settingsOf(this.state.mode, model) }),
    });
    this.saveSettings();
  }

  /** Shows the mode of a model with it chosen; it may be an earlier checkpoint of a run. */
  async openModel(id: string): Promise<void> {
    await this.loadModels(id);
    const card = this.state.models.list?.models.find((model) => model.id === id);
    if (!card) return;
    this.setMode(card.task);
    this.setModel(id);
  }

  /** What was last chosen in a mode; where nothing was, its first model and that one's settings. */
  private choiceOf(mode: string): Pick<ChatState, 'mode'> & Partial<Pick<ChatState, 'model' | 'settings'>> {
    if (!findContract(mode)) return { mode };
    const saved = this.savedChoice(mode);
    const { list } = this.state.models;
    const models = list?.models.filter(({ task }) => task === mode) ?? [];
    const card = models.find(({ id }) => id === saved.model) ?? models[0];
    this.settingsChosen = saved.settings !== undefined;
    return {
      mode,
      model: list ? (card?.id ?? '') : (saved.model ?? ''),
      settings: { ...this.settingsOf(mode, card?.id), ...saved.settings },
    };
  }

  /** What a model uses where the user chose nothing. */
  private settingsOf(mode: string, model: string | undefined): DecodingSettings {
    const card = this.state.models.list?.models.find(({ id }) => id === model);
    return { ...contractOf(mode).defaults, ...card?.decoding };
  }

  /** What the browser's storage holds of a mode; what it should not hold is left out. */
  private savedChoice(mode: string): { settings?: Partial<DecodingSettings>; model?: string } {
    let saved: { settings?: unknown; model?: unknown } | null = null;
    try {
      saved = JSON.parse(this.services.storage().getItem(settingsKey(mode)) ?? '{}') as object | null;
    } catch {
      // Damaged: as if nothing had been chosen.
    }
    const { settings, model } = saved ?? {};
    const contract = findContract(mode);
    return {
      ...(contract && typeof settings === 'object' && settings !== null
        ? { settings: soundSettings(contract, settings as Record<string, unknown>) }
        : {}),
      ...(typeof model === 'string' ? { model } : {}),
    };
  }

  /** Sends a text as a new turn of the active conversation, or of a new one. */
  send(
    mode: Task,
    text: string,
    override: Partial<Pick<Version, 'model' | 'settings' | 'prefix' | 'prefixLine'>> = {},
  ): void {
    const version = createVersion(
      text,
      override.model ?? this.state.model,
      override.settings ?? this.state.settings,
      override.prefix,
      override.prefixLine,
    );
    const turn: Turn = { id: newId(), versions: [version], current: 0 };
    const active = this.state.conversations.find(({ id }) => id === this.state.activeId);
    const now = Date.now();
    const conversation: Conversation = active
      ? { ...active, updatedAt: now, turns: [...active.turns, turn] }
      : { id: newId(), mode, title: titleOf(text), createdAt: now, updatedAt: now, turns: [turn] };
    this.put(conversation);
    this.select(conversation.id);
    this.save(conversation.id);
    void this.stream(conversation.id, conversation.mode, version);
  }

  /** Adds a version to a turn: regenerated, edited, forced or with another model. */
  addVersion(conversationId: string, turnId: string, version: Version): void {
    this.change(conversationId, (conversation) => ({
      ...conversation,
      updatedAt: Date.now(),
      turns: conversation.turns.map((turn) =>
        turn.id === turnId
          ? { ...turn, versions: [...turn.versions, version], current: turn.versions.length }
          : turn,
      ),
    }));
    const mode = this.state.conversations.find(({ id }) => id === conversationId)?.mode;
    if (mode) void this.stream(conversationId, mode, version);
  }

  showVersion(conversationId: string, turnId: string, current: number): void {
    this.change(conversationId, (conversation) => ({
      ...conversation,
      turns: conversation.turns.map((turn) => (turn.id === turnId ? { ...turn, current } : turn)),
    }));
    this.save(conversationId);
  }

  /** Stops one answer, or all of them. */
  stop(versionId?: string): void {
    for (const [id, controller] of this.streams)
      if (versionId === undefined || id === versionId) controller.abort();
  }

  rename(id: string, title: string): void {
    this.change(id, (conversation) => ({ ...conversation, title: title.trim() || conversation.title }));
    this.save(id);
  }

  /** Deletes one conversation; its answers in the making are stopped. */
  remove(id: string): void {
    const gone = this.state.conversations.find((conversation) => conversation.id === id);
    for (const turn of gone?.turns ?? []) for (const version of turn.versions) this.stop(version.id);
    deleteConversation(this.services.storage(), id);
    this.set({ conversations: this.state.conversations.filter((conversation) => conversation.id !== id) });
    if (this.state.activeId === id) this.select(null);
  }

  /** Adds imported conversations, replacing those with the same id. */
  merge(conversations: Conversation[]): void {
    for (const conversation of conversations) {
      this.put(conversation);
      this.save(conversation.id);
    }
    this.set({ conversations: this.state.conversations.toSorted((a, b) => b.updatedAt - a.updatedAt) });
  }

  private async stream(conversationId: string, mode: Task, version: Version): Promise<void> {
    const controller = new AbortController();
    this.streams.set(version.id, controller);
    const update = (change: (version: Version) => Version) =>
      this.change(conversationId, (conversation) => updateVersion(conversation, version.id, change));
    try {
      const events = this.services.stream(mode, askOf(version), controller.signal);
      for await (const event of events) update((current) => applyEvent(current, event));
    } catch (error) {
      if (controller.signal.aborted)
        update((current) => (isPending(current) ? { ...current, status: 'stopped' } : current));
      else update((current) => ({ ...current, status: 'error', error: describe(error) }));
    } finally {
      this.streams.delete(version.id);
      this.save(conversationId);
    }
  }

  private put(conversation: Conversation): void {
    const others = this.state.conversations.filter(({ id }) => id !== conversation.id);
    this.set({ conversations: [conversation, ...others] });
  }

  private change(id: string, change: (conversation: Conversation) => Conversation): void {
    this.set({ conversations: this.state.conversations.map((c) => (c.id === id ? change(c) : c)) });
  }

  private save(id: string): void {
    const conversation = this.state.conversations.find((c) => c.id === id);
    if (!conversation) return;
    const storageFull = !saveConversation(this.services.storage(), conversation);
    if (storageFull !== this.state.storageFull) this.set({ storageFull });
  }

  private saveSettings(): void {
    const { mode, settings, model } = this.state;
    this.remember(settingsKey(mode), JSON.stringify(this.settingsChosen ? { settings, model } : { model }));
  }

  private remember(key: string, value: string): void {
    try {
      this.services.storage().setItem(key, value);
    } catch {
      this.set({ storageFull: true });
    }
  }

  private set(change: Partial<ChatState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

function describe(error: unknown): { code: string; message: string } {
  const { code, message } = error as Partial<RequestError>;
  return { code: code ?? 'unknown', message: message ?? String(error) };
}
