import { expect, test } from 'vitest';
import { validate } from '../../api/schema.ts';
import { translateSchema } from './schema.ts';

test('a forced beginning is for the first line, or for another that the text has', () => {
  const body = { text: 'one\ntwo', prefix: [3] };
  expect(validate(translateSchema, body).prefixLine).toBe(0);
  expect(validate(translateSchema, { ...body, prefixLine: 1 }).prefixLine).toBe(1);
  expect(() => validate(translateSchema, { ...body, prefixLine: 2 })).toThrow(
    'prefixLine: must be a line of the text',
  );
});
