#!/usr/bin/env node
// The executable: d2l.
import { run } from './program.ts';

process.exitCode = await run(process.argv.slice(2));
