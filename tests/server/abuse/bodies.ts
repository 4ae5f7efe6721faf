// Bodies that no page would send: values of the wrong type, size and script in every field.
import * as fc from 'fast-check';

/** Texts that break naive programs. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\n'.repeat(50),
    '\uD800',
    '\uDC00\uD800',
    '\uFEFF\u202E\u2066',
    'e' + '\u0301'.repeat(500),
    '👩‍👩‍👧‍👦'.repeat(100),
    '𒐫'.repeat(900),
    '<script>alert(1)</script>',
    "' OR 1=1 --",
    '{{7*7}}${7*7}',
    '../../../../etc/passwd',
    'x'.repeat(3000),
    'x'.repeat(31_000),
  ),
);

/** JSON values as text, also those that `JSON.stringify` cannot write. */
const nastyValue: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: nastyText.map((text) => JSON.stringify(text)), weight: 3 },
  fc.json({ maxDepth: 3 }),
  fc.constantFrom(
    'null',
    'true',
    '[]',
    '{}',
    '-1',
    '-0',
    '0.5',
    '1e300',
    '1e309',
    '-1e309',
    '1e-400',
    '9007199254740993',
    '4294967296',
    '1'.repeat(400),
    '00',
    '0x10',
    'NaN',
    'Infinity',
    'undefined',
    '"\\ud800"',
    '"\\x"',
    '[1e9]',
    '[-1]',
    `[${'0,'.repeat(200)}0]`,
    '{"__proto__":{"stream":false}}',
  ),
);

const keys = [
  'text',
  'prompt',
  'model',
  'strategy',
  'beam',
  'lengthPenalty',
  'temperature',
  'topK',
  'topP',
  'minP',
  'repetitionPenalty',
  'seed',
  'maxLength',
  'maxTokens',
  'prefix',
  'attention',
  'stream',
  'hypothesis',
  'reference',
  'tokens',
  'task',
  'target',
  'architecture',
  'size',
  'steps',
  'learningRate',
  'pairs',
  '__proto__',
  'constructor',
  'toString',
  '',
];

/** Short requests that would be answered, had nothing been done to them. */
const fair: Record<string, Record<string, string>> = {
  '/api/v1/translate': { text: '"Hello."', strategy: '"greedy"', maxLength: '1' },
  '/api/v1/generate': { prompt: '"a"', maxTokens: '1' },
  '/api/v1/attention': { text: '"Hello."', tokens: '[5,6]' },
  '/api/v1/probabilities': { text: '"Hello."', tokens: '[5,6]' },
  '/api/v1/train': { steps: '10' },
  '/api/v1/score': { hypothesis: '"a b"', reference: '"a c"' },
};

/** A body for a route with some fields spoiled. */
const spoiled = (path: string) =>
  fc.dictionary(fc.constantFrom(...keys), nastyValue, { minKeys: 1, maxKeys: 3, noNullPrototype: true }).map(
    (changes) =>
      `{${Object.entries({ ...fair[path], ...changes })
        .map(([key, value]) => `${JSON.stringify(key)}:${value}`)
        .join(',')}}`,
  );

/** Bodies for a route, most of them wrong. */
export const bodiesFor = (path: string): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { arbitrary: spoiled(path).map((text) => Buffer.from(text)), weight: 6 },
    { arbitrary: nastyValue.map((text) => Buffer.from(text)), weight: 1 },
    // Broken UTF-8 and plain noise.
    { arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)), weight: 1 },
    {
      arbitrary: fc
        .constantFrom([0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82])
        .map((bytes) => Buffer.concat([Buffer.from('{"text":"'), Buffer.from(bytes), Buffer.from('"}')])),
      weight: 1,
    },
    // Nested deeper than a parser's stack, and larger than a body may be.
    {
      arbitrary: fc
        .constantFrom('[', '{"text":', '[[{"a":')
        .chain((open) => fc.integer({ min: 100, max: 30_000 }).map((n) => Buffer.from(open.repeat(n)))),
      weight: 1,
    },
    { arbitrary: fc.integer({ min: 32_000, max: 300_000 }).map((n) => Buffer.alloc(n, 'x')), weight: 1 },
  );
