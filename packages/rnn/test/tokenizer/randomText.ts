// Random texts for tokenizers: words of many scripts, marks, emoji, control characters, special tokens, all white space.
import type { Rng } from '@d2lts/core';

/** Every character of Unicode's White_Space, and what JavaScript or others take for it. */
const spaces = [
  ...'\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
  '\r\n',
  '\ufeff',
  '\u200b',
  '\u180e',
];

const words =
  `the Quick brown fox's doesn't I'M we'll word words sword overlap over case CASE Raw raw café élève É é naïve
cafe\u0301 e\u0301\u0323 Straße STRASSE größer ﬁne ﬀ ｆｕｌｌ Ångström İstanbul ıI ΟΔΟΣ Σίσυφος ς Съешь ещё мягких булок Ё
今天 天气 我们 吾輩は カタカナ ｶﾅ 猫 學校 나는 학교에 각 각 هذا كتاب زكريّا אֶלֶף עברית यह किताब नमस्ते क्षि สวัสดี ชื่อ ภาษาไทย
ქართული հայերեն ខ្មែរ ภ ᏣᎳᎩ ꯃꯤꯇꯩ 12 345 1999 3.14 ½ ² Ⅷ ① १२३ ١٢٣ 1,000 x_y a-b a.b http://a.b/c?d=e#f $3.50 50% [x] {y}
😀 👍🏽 👨‍👩‍👧 🇫🇷 ☃ ☃️ ❤️ 𝔘𝔫𝔦 𝟙𝟚 \u0301 \u0308 ‿ ⁀ ... … « » “q” ‘q’ ' " \` ~ ^ | < > = + - _ — … № ™ § ¿ ¡ ‰ ，。！？ 、`.split(
    /[ \n]+/,
  );

const tokens =
  `<unk> <s> </s> <pad> <x> <l> <r> <lr> [UNK] [CLS] [SEP] [MASK] [PAD] <|endoftext|> <|begin|> <0x41> <0xE9> ▁ ▁the Ġ ## ##s </w>`.split(
    ' ',
  );

const odd = [
  '\0',
  '\u0001',
  '\u0007',
  '\u001b',
  '\u001f',
  '\u007f',
  '\u0080',
  '\u009f',
  '\u00ad',
  '\u200c',
  '\u200d',
  '\u200e',
  '\u2060',
  '\ufffd',
  '\ue000',
  '\uffff',
  '\u{10ffff}',
];

/** One text of up to a few dozen parts. */
export function randomText(rng: Rng): string {
  const pick = <T>(items: readonly T[]) => items[rng.integer(0, items.length)]!;
  const parts: string[] = [];
  const count = rng.integer(0, pick([2, 6, 24]));
  for (let i = 0; i < count; i++) {
    const kind = rng.uniform();
    if (kind < 0.45) parts.push(pick(words));
    else if (kind < 0.75) parts.push(rng.bernoulli(0.5) ? ' ' : pick(spaces).repeat(rng.integer(1, 4)));
    else if (kind < 0.87) parts.push(pick(tokens));
    else if (kind < 0.92) parts.push(pick(odd));
    else parts.push(pieceOf(pick(words), rng));
  }
  return parts.join('');
}

/** A few characters of a word, maybe in another case. */
function pieceOf(word: string, rng: Rng): string {
  const characters = Array.from(word);
  const start = rng.integer(0, characters.length);
  const piece = characters.slice(start, start + rng.integer(1, 4)).join('');
  return rng.bernoulli(0.3) ? piece.toUpperCase() : piece;
}
