// What a conversation is: turns of one source text each, with every version of its answer.
import type {
  BeamNode,
  DecodingSettings,
  OutputToken,
  Segment,
  StreamEvent,
  Task,
  Timing,
} from '../api/types.ts';
import { randomId } from './randomId.ts';

/** One answer to one text with one model and one set of settings. */
export interface Version {
  id: string;
  source: string;
  model: string;
  settings: DecodingSettings;
  /** Piece ids that the output of one line was made to begin with. */
  prefix: number[];
  /** The line that `prefix` is for, from 0, the default. */
  prefixLine?: number | undefined;
  status: 'queued' | 'streaming' | 'done' | 'stopped' | 'error';
  /** Requests that were before this one when that was told last. */
  waiting: number;
  /** Output per line of the text. */
  lines: Line[];
  timing?: Timing;
  error?: { code: string; message: string };
}

/** What is known about the output of one line. */
export interface Line {
  text: string;
  sourceTokens: string[];
  /** Tokens as they were decided (greedy, sampling). */
  tokens: OutputToken[];
  /** Candidates at each beam step. */
  steps: BeamNode[][];
  result?: Segment;
}

/** A line of which nothing is known yet. */
export const emptyLine: Line = { text: '', sourceTokens: [], tokens: [], steps: [] };

/** One text of the user and the versions of its answer; `current` is the one shown. */
export interface Turn {
  id: string;
  versions: Version[];
  current: number;
}

/** A titled list of turns. */
export interface Conversation {
  id: string;
  mode: Task;
  title: string;
  createdAt: number;
  updatedAt: number;
  turns: Turn[];
}

/** An id that is unique enough for one browser. */
export const newId = randomId;

/** A version that waits for its first event. */
export function createVersion(
  source: string,
  model: string,
  settings: DecodingSettings,
  prefix: number[] = [],
  prefixLine = 0,
): Version {
  return {
    id: newId(),
    source,
    model,
    settings,
    prefix,
    prefixLine,
    status: 'queued',
    waiting: 0,
    lines: [],
  };
}

/** The whole output so far. */
export const textOf = (version: Version): string => version.lines.map((line) => line.text).join('\n');

/** Whether the answer is still being made. */
export const isPending = (version: Version): boolean =>
  version.status === 'queued' || version.status === 'streaming';

function withLine(version: Version, index: number, change: (line: Line) => Line): Version {
  const lines = [...version.lines];
  while (lines.length <= index) lines.push(emptyLine);
  lines[index] = change(lines[index]!);
  return { ...version, status: 'streaming', lines };
}

/** The version after one event of the stream. */
export function applyEvent(version: Version, event: StreamEvent): Version {
  switch (event.type) {
    case 'queued':
      return { ...version, waiting: event.position };
    case 'start':
      return withLine(version, event.segment, (line) => ({ ...line, sourceTokens: event.sourceTokens }));
    case 'token':
      return withLine(version, event.segment, (line) => ({
        ...line,
        text: event.text,
        tokens: [...line.tokens, event.token],
      }));
    case 'step':
      return withLine(version, event.segment, (line) => ({
        ...line,
        text: event.text,
        steps: [...line.steps, event.nodes],
      }));
    case 'segment':
      return withLine(version, event.segment, (line) => ({
        ...line,
        text: event.result.text,
        result: event.result,
      }));
    case 'done':
      return { ...version, status: 'done', model: event.model, timing: event.timing };
    case 'error':
      return { ...version, status: 'error', error: { code: event.code, message: event.message } };
  }
}

/** The conversation with one of its versions changed. */
export function updateVersion(
  conversation: Conversation,
  versionId: string,
  change: (version: Version) => Version,
): Conversation {
  return {
    ...conversation,
    turns: conversation.turns.map((turn) =>
      turn.versions.some((version) => version.id === versionId)
        ? {
            ...turn,
            versions: turn.versions.map((version) => (version.id === versionId ? change(version) : version)),
          }
        : turn,
    ),
  };
}

/** A title from the first text: its first line, cut at a word. */
export function titleOf(text: string): string {
  const line = text.trim().split('\n')[0]!.trim() || '…';
  if (line.length <= 48) return line;
  const cut = line.slice(0, 48);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 24))}…`;
}

/** Conversations whose title or texts contain every word of the query. */
export function searchConversations(conversations: Conversation[], query: string): Conversation[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return conversations;
  return conversations.filter((conversation) => {
    const texts = conversation.turns.flatMap((turn) => turn.versions.flatMap((v) => [v.source, textOf(v)]));
    const haystack = [conversation.title, ...texts].join('\n').toLocaleLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}
