// Conversations in the browser's storage: one entry each, so that a long history costs nothing to append to.
import type { Conversation } from './conversations.ts';
import { ExplainedError } from './explainedError.ts';
import { repairConversation } from './repair.ts';

const prefix = 'd2lts.conversation.';

/** The part of the Web Storage API used here. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** All conversations, newest first; entries that cannot be read are left out. */
export function loadHistory(store: KeyValueStore): Conversation[] {
  const found: Conversation[] = [];
  for (let i = 0; i < store.length; i += 1) {
    const key = store.key(i);
    if (!key?.startsWith(prefix)) continue;
    try {
      const conversation = repairConversation(JSON.parse(store.getItem(key) ?? ''));
      if (conversation && key === prefix + conversation.id) found.push(conversation);
    } catch {
      // Someone else's entry, or one cut off by a full disk: not ours to show.
    }
  }
  return found.sort((a, b) => b.updatedAt - a.updatedAt);
}

/** A copy without beam steps, attention and tokens that were not taken, which are most of its size. */
function slim(conversation: Conversation): Conversation {
  return {
    ...conversation,
    turns: conversation.turns.map((turn) => ({
      ...turn,
      versions: turn.versions.map((version) => ({
        ...version,
        lines: version.lines.map((line) => {
          const tokens = line.tokens.map((token) => ({ ...token, top: [] }));
          if (!line.result) return { ...line, steps: [], tokens };
          const { attention: _, ...result } = line.result;
          return { ...line, steps: [], tokens, result };
        }),
      })),
    })),
  };
}

/** Writes one conversation; when the storage is full, details go first. False when even that does not fit. */
export function saveConversation(store: KeyValueStore, conversation: Conversation): boolean {
  for (const candidate of [conversation, slim(conversation)]) {
    try {
      store.setItem(prefix + conversation.id, JSON.stringify(candidate));
      return true;
    } catch {
      // Full: try the smaller form.
    }
  }
  return false;
}

/** Removes one conversation. */
export function deleteConversation(store: KeyValueStore, id: string): void {
  store.removeItem(prefix + id);
}

/** The file that export writes. */
export const exportHistory = (conversations: Conversation[]): string =>
  JSON.stringify({ format: 'd2lts-conversations', version: 1, conversations }, null, 1);

/** The conversations of an exported file, mended where they are damaged; throws a sentence when it is something else. */
export function importHistory(text: string): Conversation[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ExplainedError(
      'import_not_json',
      'The file is not JSON; choose one that the export button wrote',
    );
  }
  const file = value as { format?: unknown; conversations?: unknown } | null;
  if (file?.format !== 'd2lts-conversations' || !Array.isArray(file.conversations))
    throw new ExplainedError(
      'import_no_conversations',
      'The file holds no conversations; choose one that the export button wrote',
    );
  const found = new Map<string, Conversation>();
  for (const value of file.conversations) {
    const conversation = repairConversation(value);
    if (conversation) found.set(conversation.id, conversation);
  }
  return [...found.values()];
}
