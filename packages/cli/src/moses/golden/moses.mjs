// Writes what Moses' own scripts make of the lines in moses.json: node moses.mjs FOLDER_OF_MOSES/scripts
// (github.com/moses-smt/mosesdecoder; made with its commit 3445289).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const path = new URL('moses.json', import.meta.url);
const golden = JSON.parse(readFileSync(path, 'utf8'));
const perl = (script, args, lines) =>
  execFileSync('perl', [join(process.argv[2], script), ...args], { input: `${lines.join('\n')}\n` }).toString();

function tokenize(language, lines) {
  const text = perl('tokenizer/tokenizer.perl', ['-q', '-l', language, '-no-escape'], lines);
  return text.split('\n').slice(0, -1).map((line) => line.trim());
}

for (const [language, lines] of Object.entries(golden.lines)) {
  const texts = lines.map(({ text }) => text);
  golden.lines[language] = tokenize(language, texts).map((tokens, i) => ({ text: texts[i], tokens }));
}
const folder = mkdtempSync(join(tmpdir(), 'moses-'));
for (const score of golden.scores) {
  const reference = join(folder, 'reference');
  writeFileSync(reference, `${tokenize(score.language, score.references).join('\n')}\n`);
  const hypotheses = tokenize(score.language, score.hypotheses);
  const line = perl('generic/multi-bleu.perl', ['-lc', reference], hypotheses);
  score.multiBleu = Number(/BLEU = ([\d.]+)/.exec(line)[1]);
}
rmSync(folder, { recursive: true });
writeFileSync(path, `${JSON.stringify(golden, null, 2)}\n`);
