#!/usr/bin/env node
// The `sacrebleu-ts` command.

import { main } from './cli/main.ts';

// Whoever reads the output may have read enough: `sacrebleu-ts ... | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = main(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
  terminal: process.stdout.isTTY === true,
});
