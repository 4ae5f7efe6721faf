// The command for tests: what it prints is caught.
import { vi } from 'vitest';
import { run } from '../src/program.ts';

/** Runs the command and gives its exit code and what it printed. */
export async function d2l(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const catching = (to: 'out' | 'err') => (text: unknown) => {
    written[to] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(catching('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(catching('err')),
  ];
  try {
    return { code: await run(args), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
