import { expect, test } from 'vitest';
import { isLoopback, parseServeOptions } from './options.ts';

test('listens on this machine only unless told otherwise', () => {
  expect(parseServeOptions([], {})).toEqual({ port: 3000, host: '127.0.0.1', dev: false });
  expect(parseServeOptions(['--port', '0', '--host', '0.0.0.0'], { PORT: '9' })).toMatchObject({
    port: 0,
    host: '0.0.0.0',
  });
  expect(parseServeOptions([], { HOST: '0.0.0.0', HOSTNAME: 'b', PORT: '9' })).toMatchObject({
    port: 9,
    host: '127.0.0.1',
  });
  expect(parseServeOptions([], { D2LTS_HOST: '::' }).host).toBe('::');
  expect(['127.0.0.1', 'localhost', '::1'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '192.168.1.2', '127.0.0.1.example'].some(isLoopback)).toBe(false);
  expect(() => parseServeOptions(['--port', '99999'], {})).toThrow(
    '--port must be a number from 0 to 65535, got 99999',
  );
  expect(() => parseServeOptions(['--prot', '1'], {})).toThrow('--prot');
});
