// What the executable runs: the command line of this process.
import { run } from './program.ts';

process.exitCode = await run(process.argv.slice(2));
