// What a mode is: one folder under src/modes. Most are chats with a model; others bring a page of their own.
import type { ComponentType } from 'react';
import type { ModelCard, Task } from '../api/types.ts';
import type { Turn } from '../chat/conversations.ts';
import type { Locale } from '../i18n/locale.ts';
import type { Contract } from './contract.ts';

/** What an answer view is given. */
export interface AnswerProps {
  conversationId: string;
  turn: Turn;
  /** Puts a text into the box to edit it as a new version of this turn. */
  onEdit(): void;
}

/** A way of using the models. */
export type Mode = ChatMode | PageMode;

interface ModeBase {
  id: string;
  label(locale: Locale): string;
}

/** A page instead of a chat. */
export interface PageMode extends ModeBase {
  kind: 'page';
  Page: ComponentType;
}

/** Conversations with the models of one task. */
export interface ChatMode extends ModeBase, Contract {
  kind: 'chat';
  id: Task;
  examples: readonly string[];
  /** What the parts that all modes share say in this one, with a model chosen. */
  words(
    locale: Locale,
    model: ModelCard | undefined,
  ): Record<'placeholder' | 'textLabel' | 'send' | 'working' | 'previewNone', string>;
  /** The language of the texts that a model is asked about, for `lang`, where it is known. */
  textLanguage(model: ModelCard | undefined): string | undefined;
  /** The language of a model's answers, for `lang`, where it is known. */
  answerLanguage(model: ModelCard | undefined): string | undefined;
  /** Shown before the first turn. */
  Hero: ComponentType;
  Answer: ComponentType<AnswerProps>;
}
