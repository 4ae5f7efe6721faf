#!/usr/bin/env node
// The `sacrebleu-ts` command.

import { main } from './cli/main.ts';

process.exitCode = main(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
  terminal: process.stdout.isTTY === true,
});
