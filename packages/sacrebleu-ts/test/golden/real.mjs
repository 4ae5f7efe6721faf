// Writes real.json: real lines with what the shipped models make of them, for generate.py to score.
//
//     D2LTS_DATA=... node real.mjs      (after `npm run build` in the repository)
//
// The names of emojis are those of emojibase-data (MIT), the sentences those of H. G. Wells, The Time Machine
// (public domain): the part that time-machine-lstm was not trained on, each given to it up to half and written on.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const require = createRequire(import.meta.url);

function d2l(model, command, args, input = '') {
  const program = join(root, 'packages/cli/dist/main.js');
  return execFileSync(process.execPath, [program, command, '--model', join(root, 'models', model), ...args], {
    input,
    encoding: 'utf8',
  });
}

function translate(model, sources) {
  const out = d2l(model, 'translate', ['--batch', '25'], `${sources.join('\n')}\n`);
  return out.trimEnd().split('\n');
}

/** English names and those of another language, `count` spread over all that differ. */
function emojiNames(language, count) {
  const names = (code) =>
    new Map(require(`emojibase-data/${code}/compact.json`).map(({ hexcode, label }) => [hexcode, label]));
  const translations = names(language);
  const pairs = Array.from(names('en'), ([hexcode, label]) => [label, translations.get(hexcode)]).filter(
    ([label, translated]) => translated && label.includes(' ') && !label.startsWith('regional indicator'),
  );
  return Array.from({ length: count }, (_, i) => pairs[Math.floor((i * pairs.length) / count)]);
}

function emojiCorpus(language, count, models) {
  const pairs = emojiNames(language, count);
  const sources = pairs.map(([source]) => source);
  return {
    systems: models.map((model) => translate(model, sources)),
    references: [pairs.map(([, reference]) => reference)],
  };
}

function continuations(count) {
  const folder = join(process.env.D2LTS_DATA, 'time-machine');
  const book = readFileSync(
    join(
      folder,
      readdirSync(folder).find((name) => name.endsWith('.txt')),
    ),
    'utf8',
  );
  const sentences = book
    .slice(book.length * 0.9)
    .replace(/\s+/g, ' ')
    .split(/(?<=[.!?]) /)
    .filter((sentence) => sentence.split(' ').length >= 14);
  const references = sentences.slice(1, count + 1);
  const system = (...options) =>
    references.map((sentence) => {
      const prompt = sentence.slice(0, sentence.indexOf(' ', sentence.length / 2));
      const tokens = String(sentence.length - prompt.length);
      const args = ['--prompt', prompt, '--max-tokens', tokens, ...options];
      return d2l('time-machine-lstm', 'generate', args).replace(/\s+/g, ' ').trim();
    });
  return {
    systems: [system('--temperature', '0'), system('--temperature', '0.7')],
    references: [references],
  };
}

const corpora = {
  'emoji-en-fr': emojiCorpus('fr', 150, ['en-fr-bahdanau', 'en-fr-transformer']),
  'emoji-en-zh': emojiCorpus('zh', 100, ['en-zh-transformer']),
  'time-machine': continuations(50),
};
writeFileSync(new URL('real.json', import.meta.url), `${JSON.stringify(corpora, null, 1)}\n`);
