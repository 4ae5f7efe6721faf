// What a mode is: one folder under src/modes that brings its examples, its empty page and its answers.
import type { ComponentType } from 'react';
import type { Strategy, Task } from '../api/types.ts';
import type { Turn } from '../chat/conversations.ts';
import type { Strings } from '../i18n/en.ts';

/** What an answer view is given. */
export interface AnswerProps {
  conversationId: string;
  turn: Turn;
  /** Whether this is the last turn, whose answer is announced. */
  last: boolean;
  /** Puts a text into the box to edit it as a new version of this turn. */
  onEdit(): void;
}

/** A way of using the models. */
export interface Mode {
  id: Task;
  label(strings: Strings): string;
  examples: readonly string[];
  /** What the parts that all modes share say in this one. */
  words(strings: Strings): Record<'placeholder' | 'textLabel' | 'send' | 'working' | 'previewNone', string>;
  /** Ways to decode that are offered. */
  strategies: readonly Strategy[];
  /** Longest text that can be sent, in UTF-16 units. */
  longestText: number;
  /** Whether spaces and line breaks around a text matter. */
  verbatim: boolean;
  /** Shown before the first turn. */
  Hero: ComponentType;
  Answer: ComponentType<AnswerProps>;
}
