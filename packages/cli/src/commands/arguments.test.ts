// Options whose names commander could take for something else.
import { expect, it } from 'vitest';
import { generateCommand } from './generate.ts';
import { translateCommand } from './translate.ts';

it.each([generateCommand, translateCommand])('--no-repeat-ngram takes a number: %o', (make) => {
  const command = make().action(() => {});
  command.parse(['--no-repeat-ngram', '3'], { from: 'user' });
  expect(command.opts()).toMatchObject({ noRepeatNgram: 3 });
  expect(command.opts()).not.toHaveProperty('repeatNgram');
  const other = make().action(() => {});
  other.parse([], { from: 'user' });
  expect(other.opts()).not.toHaveProperty('noRepeatNgram');
});
