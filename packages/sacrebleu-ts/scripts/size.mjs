// Prints what the package weighs in a browser bundle: minified and gzipped by esbuild, tree-shaken per import.
//
//     node scripts/size.mjs [--check]      (after npm run build; --check fails above the limit)

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Limit for everything without the optional tokenizers, in bytes. */
const LIMIT = 25 * 1024;

const ENTRIES = {
  'everything (sacrebleu-ts)': `export * from './dist/index.js'`,
  'BLEU only': `export { BLEU } from './dist/index.js'`,
  'CHRF only': `export { CHRF } from './dist/index.js'`,
  'TER only': `export { TER } from './dist/index.js'`,
  'SentencePiece (sacrebleu-ts/spm)': `export * from './dist/spm.js'`,
};

for (const [name, contents] of Object.entries(ENTRIES)) {
  const result = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  const code = result.outputFiles[0].contents;
  const zipped = gzipSync(code, { level: 9 }).length;
  console.log(
    `${name.padEnd(34)} ${(code.length / 1024).toFixed(1).padStart(6)} KB min ${(zipped / 1024).toFixed(1).padStart(6)} KB min+gzip`,
  );
  if (process.argv.includes('--check') && name.startsWith('everything') && zipped > LIMIT) {
    console.error(`above the limit of ${LIMIT / 1024} KB`);
    process.exitCode = 1;
  }
}
