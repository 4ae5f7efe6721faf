#!/usr/bin/env node
// The executable. It stands outside of dist so that npm can link it before the package is built.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('d2l: the command is not built yet; run `npm run build` in the repository\n');
  process.exitCode = 1;
}
