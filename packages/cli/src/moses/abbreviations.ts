// Words that keep their dot inside a sentence. Those with a dot of their own (e.g., z.B.) need no list.
import type { MosesLanguage } from './mosesTokens.ts';

const words = (text: string) => text.split(' ');
const capitals = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const letters = capitals.map((letter) => letter.toLowerCase());
const titles = words('Capt Col Dr Gen Gov Lt Maj Mlle Mme Mr Mrs Ms Prof Rev Sen Sgt Sr St');
const ordinals = Array.from({ length: 99 }, (_, i) => String(i + 1));

/** The common ones of each language. */
export const abbreviations: Record<MosesLanguage, ReadonlySet<string>> = {
  de: new Set([
    ...capitals.concat(letters, titles, ordinals),
    ...words('II III IV VI VII VIII IX XI XII XIII XIV XV XVI XVII XVIII XIX XX'),
    ...words('Art Chr Co Ltd Mio Mrd No Nr bzgl bzw ca dgl etc evtl ggf pp sog usw vgl vs'),
  ]),
  en: new Set([
    ...capitals.concat(titles),
    ...words('Bros Corp Nr v vs Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec'),
  ]),
  fr: new Set([
    ...capitals.concat(letters.filter((letter) => letter !== 'a')),
    ...words('MM al apr av boul ca cf chap env etc ex fig pl pp sq suppl tél vol vs'),
  ]),
};

/** Those that keep it only before a number: No. 5. */
export const numberAbbreviations: Record<MosesLanguage, ReadonlySet<string>> = {
  de: new Set(),
  en: new Set(words('Art No pp')),
  fr: new Set(),
};
