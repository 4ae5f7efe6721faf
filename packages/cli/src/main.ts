// What the executable runs: the command line of this process, or one measurement for `d2l bench`.
import { measurementVerb } from './bench/child.ts';

// Whoever reads the output may have read enough: `d2l generate | head -c 20`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const args = process.argv.slice(2);
if (args[0] === measurementVerb) {
  // Without the rest of the command, so that its start and its memory do not count.
  const { measureFor } = await import('./bench/record.ts');
  process.stdout.write(`${JSON.stringify(await measureFor(args[1]!))}\n`);
} else {
  const { run } = await import('./program.ts');
  process.exitCode = await run(args);
}
