// The languages that a model translates between, for `lang` and for people.
import type { ModelCard } from '../../api/types.ts';
import { languageName } from '../../i18n/languageName.ts';
import type { Locale } from '../../i18n/locale.ts';
import { useModelCard } from '../../ui/chatContext.tsx';

const known = (language: string | undefined) => (language === '?' ? undefined : language);

/** The language that a model translates from; undefined where it is not known. */
export const sourceOf = (model: ModelCard | undefined): string | undefined => known(model?.source);

/** The language that a model translates to; undefined where it is not known. */
export const targetOf = (model: ModelCard | undefined): string | undefined => known(model?.target);

/** The same of a model by its id. */
export const useTarget = (model: string): string | undefined => targetOf(useModelCard(model));

/** What people call the language that a model translates from; empty where it is not known. */
export function sourceName(model: ModelCard | undefined, locale: Locale): string {
  const source = sourceOf(model);
  return source === undefined ? '' : languageName(source, locale);
}
