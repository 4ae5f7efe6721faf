#!/usr/bin/env node
// The executable. It stands outside of dist so that npm can link it before the package is built.
import { existsSync } from 'node:fs';

const command = new URL('../dist/cli.js', import.meta.url);
if (existsSync(command)) await import(command.href);
else {
  process.stderr.write('sacrebleu-ts: not built yet; run `npm run build` in the repository\n');
  process.exitCode = 1;
}
