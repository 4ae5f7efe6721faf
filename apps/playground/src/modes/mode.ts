// What a mode is: one folder under src/modes that brings its examples, its empty page and its answers.
import type { ComponentType } from 'react';
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
  id: string;
  label(strings: Strings): string;
  examples: readonly string[];
  /** Shown before the first turn. */
  Hero: ComponentType;
  Answer: ComponentType<AnswerProps>;
}
