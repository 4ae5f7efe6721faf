// Any console call in a test is a failure, unless the test replaced that method itself.
import { afterEach, beforeEach } from 'vitest';

const methods = ['error', 'warn', 'log', 'info', 'debug'] as const;
let calls: string[] = [];
let originals: Partial<Record<(typeof methods)[number], (...args: unknown[]) => void>> = {};

beforeEach(() => {
  calls = [];
  originals = {};
  for (const method of methods) {
    originals[method] = console[method];
    console[method] = (...args: unknown[]) => {
      calls.push(`console.${method}(${args.map(String).join(' ').slice(0, 300)})`);
    };
  }
});

afterEach(() => {
  for (const method of methods) console[method] = originals[method]!;
  if (calls.length > 0) throw new Error(`unexpected console output:\n${calls.join('\n')}`);
});
