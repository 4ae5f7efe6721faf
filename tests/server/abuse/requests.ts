// Requests of abuse as bytes for a socket, each with the statuses that may answer it.
import * as fc from 'fast-check';
import { bodiesFor, nastyText } from './bodies.ts';
import { modelNames, paths } from './paths.ts';

/** What is sent, and what must come back. */
export interface Attack {
  kind: string;
  /** Bytes and the milliseconds to wait before each. */
  pieces: { bytes: Buffer; after: number }[];
  /** Whether the connection is dropped after the last piece, without waiting for an answer. */
  drops: boolean;
  /** Whether a status is an orderly answer. */
  allows(status: number): boolean;
}

const refusal = (status: number) => status >= 400 && status < 500;
const anyButFailure = (status: number) => status >= 200 && status < 500;

const routes = ['translate', 'generate', 'score', 'attention', 'probabilities'].map(
  (name) => `/api/v1/${name}`,
);
const route = fc.constantFrom(...routes);

/** A request's bytes; `Content-Length` is right unless the headers tell another. */
function bytesOf(line: string, headers: readonly string[], body: Uint8Array = Buffer.alloc(0)): Buffer {
  const length = headers.some((header) => /^(?:content-length|transfer-encoding):/i.test(header))
    ? []
    : [`Content-Length: ${body.length}`];
  const lines = [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...length, ...headers];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

const json = 'Content-Type: application/json';
const attack = (
  kind: string,
  bytes: Buffer,
  allows: Attack['allows'] = refusal,
  rest: Partial<Attack> = {},
): Attack => ({ kind, pieces: [{ bytes, after: 0 }], drops: false, allows, ...rest });

const post = route.chain((path) => bodiesFor(path).map((body) => bytesOf(`POST ${path}`, [json], body)));

/** Spoiled bodies may happen to be right, so 200 is an answer too. */
const bodies = post.map((bytes) => attack('body', bytes, anyButFailure));

const pasted = (length: number) =>
  Buffer.from(JSON.stringify({ architecture: 'lstm', text: 'x'.repeat(length) }));

/** Training that is asked for in every wrong way, and now and then rightly: then it starts, or another runs already. */
const training = fc
  .oneof(
    { arbitrary: bodiesFor('/api/v1/train'), weight: 9 },
    // More than pasted text may be, and more than the route reads.
    { arbitrary: fc.integer({ min: 400_000, max: 3_000_000 }).map((n) => pasted(n)), weight: 1 },
  )
  .map((body) => attack('train', bytesOf('POST /api/v1/train', [json], body), anyButFailure));

/** What tells a run what to do, of runs that there are not. */
const runs = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'DELETE'),
    fc.oneof(
      fc.constantFrom(
        '000000000000',
        '__proto__',
        '%2e%2e',
        '..',
        '.',
        '%00',
        'x'.repeat(300),
        '*',
        '..%5c..',
      ),
      nastyText.map((text) => encodeURIComponent(text.replace(/[\uD800-\uDFFF]/g, '')).slice(0, 200)),
    ),
    fc.constantFrom('', '/events', '/pause', '/resume', '/stop', '/eat', '/events/..', '//'),
  )
  .map(([method, id, rest]) =>
    attack('run', bytesOf(`${method} /api/v1/train/${id}${rest}`, []), (status) =>
      // Without an id, or with one of nothing but `?` behind it, it is the list that is asked for.
      id === '' && method === 'GET' ? anyButFailure(status) : refusal(status) || status === 308,
    ),
  );

/** Checkpoints that the list of models is told to include. */
const included = fc
  .array(
    fc.oneof(
      modelNames.map((name) => `train/${name}@1`),
      modelNames,
      fc.constantFrom('train/000000000000@5', 'train/000000000000@-1', 'train/0@9', '@', ''),
      nastyText.map((text) => text.replace(/[\uD800-\uDFFF]/g, '').slice(0, 200)),
    ),
    { maxLength: 30 },
  )
  .map((names) => {
    const query = names.map((name) => `include=${encodeURIComponent(name)}`).join('&');
    return attack('include', bytesOf(`GET /api/v1/models?${query}`, []), anyButFailure);
  });

const traversals = fc
  .tuple(fc.constantFrom('GET', 'HEAD'), paths)
  .map(([method, path]) => attack('path', bytesOf(`${method} ${path}`, []), anyButFailure));

const models = fc
  .tuple(modelNames, fc.constantFrom('/api/v1/translate', '/api/v1/generate'))
  .map(([model, path]) => {
    const text = path.endsWith('translate') ? 'text' : 'prompt';
    return attack(
      'model',
      bytesOf(`POST ${path}`, [json], Buffer.from(JSON.stringify({ [text]: 'a', model }))),
    );
  });

const methods = fc
  .tuple(
    fc.constantFrom(
      'PUT',
      'DELETE',
      'PATCH',
      'OPTIONS',
      'TRACE',
      'CONNECT',
      'PROPFIND',
      'PURGE',
      'get',
      'FOO',
      'G\tET',
      '',
    ),
    fc.constantFrom(
      '/',
      '/icon.svg',
      '/api/health',
      '/api/v1/models',
      '/api/v1/train',
      '/api/v1/train/..',
      ...routes,
    ),
  )
  .map(([method, path]) => attack('method', bytesOf(`${method} ${path}`, [])));

const types = fc
  .tuple(
    route,
    fc.constantFrom(
      'Content-Type: text/plain',
      'Content-Type: application/x-www-form-urlencoded',
      'Content-Type: multipart/form-data; boundary=x',
      'Content-Type: application/jsonp',
      'Content-Type: ;;;',
      'Content-Type:',
      'X-None: 1',
    ),
  )
  .map(([path, type]) => attack('type', bytesOf(`POST ${path}`, [type], Buffer.from('{"text":"a"}'))));

const foreign = fc
  .tuple(
    route,
    fc.constantFrom(
      'Origin: http://evil.example',
      'Origin: null',
      'Origin: %%',
      'Sec-Fetch-Site: cross-site',
    ),
  )
  .map(([path, header]) =>
    attack('origin', bytesOf(`POST ${path}`, [json, header], Buffer.from('{"text":"a"}'))),
  );

/** Not HTTP, or HTTP that says two things. */
const broken = fc
  .oneof(
    fc.constantFrom(
      'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
      'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
      'GET / HTTP/3.7\r\n\r\n',
      'GET /\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET / HTTP/1.1\r\nHost : localhost\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: localhost\r\nX: \u0000\r\n\r\n',
      'POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
      'POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1e9\r\n\r\n',
      'POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      'POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
      'POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: xyz\r\n\r\n{}',
      `POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\n${json}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
      `POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\n${json}\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}`,
      `POST /api/v1/score HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 99999999999999\r\n${json}\r\n\r\n`,
    ),
    fc
      .uint8Array({ minLength: 4, maxLength: 60 })
      .map((bytes) => `${Buffer.from(bytes).toString('latin1')}\r\n\r\n`),
  )
  .map((text) => attack('broken', Buffer.from(text, 'latin1')));

const large = fc
  .oneof(
    fc.integer({ min: 17_000, max: 100_000 }).map((n) => [`X-Large: ${'a'.repeat(n)}`]),
    fc.integer({ min: 2000, max: 5000 }).map((n) => Array.from({ length: n }, (_, i) => `X-${i}: ${i}`)),
  )
  .map((headers) => attack('large headers', bytesOf('GET /api/health', headers)));

/** Headers that mean something to Next.js, cookies, languages and ranges, with values that mean nothing. */
const strange = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.constantFrom(
          'RSC',
          'Next-Router-State-Tree',
          'Next-Router-Prefetch',
          'Next-Router-Segment-Prefetch',
          'Next-Url',
          'Next-Action',
          'X-Nextjs-Data',
          'X-Matched-Path',
          'X-Middleware-Subrequest',
          'X-Forwarded-Host',
          'X-Forwarded-Proto',
          'X-Client-Id',
          'Cookie',
          'Accept-Language',
          'Accept-Encoding',
          'Range',
          'If-None-Match',
          'If-Modified-Since',
        ),
        fc.oneof(
          fc.constantFrom(
            '1',
            '%',
            '%5B%22',
            '["",{}]',
            '/_tree',
            'bytes=0-',
            'locale=%ff',
            'theme=<b>',
            '*;q=9',
          ),
          nastyText.map((text) => encodeURIComponent(text.replace(/[\uD800-\uDFFF]/g, '')).slice(0, 500)),
        ),
      ),
      { minLength: 1, maxLength: 4 },
    ),
    fc.constantFrom('/', '/', '/icon.svg', '/api/health', '/api/v1/models', '/?a=%ff', '/nowhere'),
  )
  .map(([headers, path]) =>
    attack(
      'strange headers',
      bytesOf(
        `GET ${path}`,
        headers.map((pair) => pair.join(': ')),
      ),
      anyButFailure,
    ),
  );

/** Any body, cut in pieces that come slowly; the answer is the same. */
const slow = fc
  .tuple(post, fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 5 }))
  .map(([bytes, cuts]) => {
    const at = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
    const pieces = at.slice(1).map((end, i) => ({ bytes: bytes.subarray(at[i], end), after: 30 }));
    return attack('slow', bytes, anyButFailure, { pieces });
  });

const dropped = fc
  .tuple(post, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([bytes, share]) =>
    attack('dropped', bytes.subarray(0, Math.floor(share * bytes.length)), undefined, { drops: true }),
  );

/** Never comes to its end, so that the server must give up. */
const stalled = fc
  .constantFrom(
    bytesOf('POST /api/v1/score', [json, 'Content-Length: 9'], Buffer.from('{')),
    Buffer.from('GET / HT'),
  )
  .map((bytes) => attack('stalled', bytes, (status) => status === 408));

/** What must be answered in the middle of all this. */
const fair = fc.constantFrom(
  attack('fair', bytesOf('GET /api/health', []), (status) => status === 200),
  attack(
    'fair',
    bytesOf(
      'POST /api/v1/translate',
      [json],
      Buffer.from('{"text":"Hello.","maxLength":2,"strategy":"greedy"}'),
    ),
    (status) => status === 200,
  ),
);

/** `count` attacks that the seed fixes; those that stall make the server wait for its time limit. */
export function attacks(count: number, seed: number, { stalls }: { stalls: boolean }): Attack[] {
  const kinds: fc.WeightedArbitrary<Attack>[] = [
    { arbitrary: bodies, weight: 40 },
    { arbitrary: traversals, weight: 20 },
    { arbitrary: models, weight: 6 },
    { arbitrary: methods, weight: 6 },
    { arbitrary: types, weight: 3 },
    { arbitrary: foreign, weight: 3 },
    { arbitrary: broken, weight: 6 },
    { arbitrary: large, weight: 3 },
    { arbitrary: strange, weight: 4 },
    { arbitrary: slow, weight: 3 },
    { arbitrary: dropped, weight: 4 },
    { arbitrary: fair, weight: 2 },
    { arbitrary: training, weight: 5 },
    { arbitrary: runs, weight: 4 },
    { arbitrary: included, weight: 4 },
  ];
  const some = fc.sample(fc.oneof(...kinds), { numRuns: count, seed });
  // At the beginning, so that the others pass while these wait.
  return stalls ? [...fc.sample(stalled, { numRuns: 20, seed }), ...some.slice(20)] : some;
}
