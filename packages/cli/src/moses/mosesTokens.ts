// Words as Moses' tokenizer.perl cuts them, for scores like those of papers (https://aclanthology.org/P07-2045).
import { abbreviations, numberAbbreviations } from './abbreviations.ts';

type Rule = readonly [pattern: RegExp, replacement: string];

/** Languages whose rules are here. */
export type MosesLanguage = 'de' | 'en' | 'fr';

const apart = "$1 ' $2";

/** Apostrophes: an English contraction keeps its own ('s), a French elision leaves it before (l'), German cuts all. */
const apostrophes: Record<MosesLanguage, readonly Rule[]> = {
  de: [[/'/g, " ' "]],
  en: [
    [/(\P{Alphabetic})'(\P{Alphabetic})/gu, apart],
    [/([^\p{Alphabetic}\p{N}])'(\p{Alphabetic})/gu, apart],
    [/(\p{Alphabetic})'(\P{Alphabetic})/gu, apart],
    [/(\p{Alphabetic})'(\p{Alphabetic})/gu, "$1 '$2"],
    [/(\p{N})'(s)/gu, "$1 '$2"],
  ],
  fr: [
    [/(\P{Alphabetic})'(\P{Alphabetic})/gu, apart],
    [/(\P{Alphabetic})'(\p{Alphabetic})/gu, apart],
    [/(\p{Alphabetic})'(\P{Alphabetic})/gu, apart],
    [/(\p{Alphabetic})'(\p{Alphabetic})/gu, "$1' $2"],
  ],
};

/** Everything that is cut in the same way in all three languages, before the apostrophes. */
const marks: readonly Rule[] = [
  [/\s+/gu, ' '],
  // oxlint-disable-next-line no-control-regex -- control characters are dropped
  [/[\0-\x1f]/g, ''],
  [/^ | $/g, ''],
  [/[^\p{Alphabetic}\p{Nd}\s.'`,-]/gu, ' $& '],
  // Dots in a row are one word; a comma stays only inside a number (5,300).
  [/\.{2,}/g, ' $& '],
  [/(?<=\P{N}),|,(?=\P{N}|$)/gu, ' , '],
];

/** Whether the rules of this language are known. */
export function hasMosesRules(language: string): language is MosesLanguage {
  return Object.hasOwn(apostrophes, language);
}

/**
 * The text with a space between its words, as `tokenizer.perl -l LANGUAGE -no-escape` gives it; only the lists of
 * abbreviations are our own and shorter.
 *
 * @example
 * mosesTokens("L'homme, lui, dort.", 'fr'); // L' homme , lui , dort .
 */
export function mosesTokens(text: string, language: MosesLanguage): string {
  const cut = [...marks, ...apostrophes[language]].reduce(
    (line, [pattern, by]) => line.replace(pattern, by),
    text,
  );
  const words = cut.split(' ').filter((word) => word !== '');
  return words
    .map((word, i) => (keepsDot(word, words[i + 1], language) ? word : word.replace(/(.)\.$/su, '$1 .')))
    .join(' ')
    .replace(/\.'$/, " . '")
    .replace(/^ | $/g, '');
}

/** Whether a final dot belongs to the word: initials, abbreviations, and what goes on in lower case. The last never. */
function keepsDot(word: string, next: string | undefined, language: MosesLanguage): boolean {
  if (/^\.+$/.test(word)) return true;
  const stem = word.slice(0, -1);
  return (
    next !== undefined &&
    ((stem.includes('.') && /\p{Alphabetic}/u.test(stem)) ||
      abbreviations[language].has(stem) ||
      /^\p{Lowercase}/u.test(next) ||
      (numberAbbreviations[language].has(stem) && /^[0-9]/.test(next)))
  );
}
