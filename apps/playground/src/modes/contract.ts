// What the page, the server and the worker must all know of a chat mode; each has one in its folder.
import type { NumericSetting, Ranges } from '../api/limits.ts';
import type { AnswerResult, DecodingSettings, ModelCard, Strategy, Task } from '../api/types.ts';
import { contracts } from './contracts.ts';

/** What the page asks for in every mode; `requestBody` makes a request of it. */
export interface Ask {
  text: string;
  model: string;
  settings: DecodingSettings;
  prefix?: number[];
  /** The line that `prefix` is for. */
  prefixLine?: number | undefined;
}

/** A chat mode without its page, its engine and its routes: no React, zod or model code, so that any bundle may hold it. */
export interface Contract {
  /** Also its route, `/api/v1/ID`, and the `task` of its models. */
  id: Task;
  /** Settings where neither the request nor the model names any. */
  defaults: DecodingSettings;
  ranges: Ranges;
  /** Ways to decode that are offered, each with the settings that matter for it; none where nothing is to be set. */
  strategies: Partial<Record<Strategy, readonly NumericSetting[]>>;
  /** Longest text that can be sent, in UTF-16 units. */
  longestText: number;
  /** Whether spaces and line breaks around a text matter. */
  verbatim: boolean;
  /** The body of the request that an ask is, without `stream`. */
  requestBody(ask: Ask): object;
  /** The text of what the route finally says. */
  outputOf(result: AnswerResult): string;
  /** What a model folder's config.json says of a model of this mode; undefined where the folder is not for it. */
  readConfig(config: Readonly<Record<string, unknown>>): Pick<ModelCard, 'decoding' | 'shows'> | undefined;
  /** Chinese sentences for the codes of the mode's own errors; a colon at the end lets the server's sentence follow. */
  errors?: Readonly<Record<string, string>>;
}

/** Whether a mode has ways to decode to choose from. */
export const hasSettings = ({ strategies }: Pick<Contract, 'strategies'>): boolean =>
  Object.keys(strategies).length > 0;

/** The contract of a mode, if it is a chat. */
export const findContract = (id: unknown): Contract | undefined =>
  contracts.find((contract) => contract.id === id);

/** The contract of a mode, or the first one where that is none. */
export const contractOf = (id: unknown): Contract => findContract(id) ?? contracts[0]!;
