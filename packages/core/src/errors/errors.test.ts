// Error messages read as one sentence; classes carry code, argument and value.
import { describe as suite, expect, it } from 'vitest';
import {
  ConfigError,
  D2LError,
  FormatError,
  ShapeError,
  adviseName,
  describe,
  editDistance,
  nearestName,
} from './index.ts';

suite('errors', () => {
  it('says operation, fact, value and advice', () => {
    const error = new ShapeError({
      operation: 'GRU.forward',
      fact: 'input must be [batch, steps, 28]',
      value: [32, 28],
      advice: 'add a batch axis',
      argument: 'input',
    });
    expect(error.message).toBe(
      'GRU.forward: input must be [batch, steps, 28], got [32, 28]; add a batch axis',
    );
    expect(error).toBeInstanceOf(D2LError);
    expect(error).toMatchObject({
      name: 'ShapeError',
      code: 'ERR_SHAPE',
      argument: 'input',
      value: [32, 28],
    });
  });

  it('leaves out what is absent and keeps the cause', () => {
    const cause = new Error('EIO');
    const error = new FormatError({ operation: 'readSafetensors', fact: 'the file ends early', cause });
    expect(error.message).toBe('readSafetensors: the file ends early');
    expect(error.cause).toBe(cause);
    expect(new ConfigError({ operation: 'x', fact: 'y', code: 'ERR_X', value: undefined }).message).toBe(
      'x: y, got undefined',
    );
  });

  it('describes values shortly and never throws', () => {
    expect(describe('a"b')).toBe('"a\\"b"');
    expect(describe(new Float32Array([1, 2]))).toBe('[1, 2]');
    expect(describe({ a: 1 })).toBe('{"a":1}');
    expect(describe(Number.NaN)).toBe('NaN');
    expect(describe(null)).toBe('null');
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(describe(loop)).toBe('Object');
    expect(describe('x'.repeat(100_000)).length).toBeLessThanOrEqual(120);
    expect(describe(Array.from({ length: 1000 }, () => 'long text')).length).toBeLessThanOrEqual(120);
  });

  it('finds the nearest name', () => {
    expect(nearestName('leraning_rate', ['learning_rate', 'momentum'])).toBe('learning_rate');
    expect(nearestName('zzzzzz', ['learning_rate', 'momentum'])).toBeUndefined();
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('ab', 'ba')).toBe(1);
    expect(adviseName('epoch', ['epochs', 'lr'])).toBe('did you mean "epochs"? (valid: epochs, lr)');
  });
});
