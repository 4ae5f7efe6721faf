// Paths that try to climb out of what is served, written in every way.
import * as fc from 'fast-check';

/** Ways to write `../`. */
export const climbs = [
  '../',
  '..\\',
  '..%2f',
  '..%2F',
  '..%5c',
  '%2e%2e/',
  '%2e%2e%2f',
  '%2E%2E%5C',
  '.%2e/',
  '..%252f',
  '%252e%252e%252f',
  '..%c0%af',
  '%c0%ae%c0%ae/',
  '..%ef%bc%8f',
  '..%u2215',
  '....//',
  '..;/',
  '..%00/',
  './../',
];

const targets = [
  'etc/passwd',
  'package.json',
  'apps/playground/package.json',
  'config.json',
  'secret.txt',
  'model.safetensors',
  '.git/config',
  'proc/self/environ',
];

const starts = [
  '/',
  '/_next/static/',
  '/_next/',
  '/api/',
  '/api/v1/models/',
  '/api/v1/train/',
  '/icon.svg/',
  '//',
  '/?/',
];

/** A number of steps up, all written alike. */
const climb = fc
  .tuple(fc.constantFrom(...climbs), fc.integer({ min: 1, max: 12 }))
  .map(([step, times]) => step.repeat(times));

/** Request paths. */
export const paths: fc.Arbitrary<string> = fc.oneof(
  {
    arbitrary: fc
      .tuple(fc.constantFrom(...starts), climb, fc.constantFrom(...targets))
      .map((parts) => parts.join('')),
    weight: 8,
  },
  { arbitrary: fc.constantFrom(...targets).map((target) => `file:///${target}`), weight: 1 },
  {
    arbitrary: fc
      .string({ maxLength: 40 })
      .map((text) => `/${encodeURIComponent(text.replace(/[\uD800-\uDFFF]/g, ''))}`),
    weight: 1,
  },
  // Broken escapes.
  {
    arbitrary: fc.constantFrom('/%', '/%f', '/%ff', '/%zz', '/%00', '/%0d%0aX: y', '/\u007f', '*', 'x'),
    weight: 1,
  },
  { arbitrary: fc.integer({ min: 1000, max: 20_000 }).map((n) => `/${'a'.repeat(n)}`), weight: 1 },
);

/** Names of models that are files or folders elsewhere. */
export const modelNames: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '/', 'file:///', 'en-fr-transformer/'),
    climb,
    fc.constantFrom('outside', ...targets),
  )
  .map((parts) => parts.join(''));
