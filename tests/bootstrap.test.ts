// `npm start` builds only what changed: what counts as a change.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fingerprint } from '../scripts/bootstrap.mjs';

test('an edited, new or removed source is a change; a build is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'd2lts-bootstrap-'));
  try {
    const seen = new Set([fingerprint(folder)]);
    const changes = (change: () => void) => {
      change();
      const before = seen.size;
      return seen.add(fingerprint(folder)).size > before;
    };
    const [source, other] = [join(folder, 'src', 'a.ts'), join(folder, 'src', 'b.ts')];
    mkdirSync(join(folder, 'src'));
    expect(changes(() => writeFileSync(source, '1'))).toBe(true);
    expect(changes(() => writeFileSync(source, '12'))).toBe(true);
    expect(changes(() => utimesSync(source, 1, 1))).toBe(true);
    expect(changes(() => writeFileSync(other, ''))).toBe(true);
    expect(changes(() => mkdirSync(join(folder, 'dist')))).toBe(false);
    expect(changes(() => writeFileSync(join(folder, 'dist', 'a.js'), '1'))).toBe(false);
    expect(changes(() => rmSync(source))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
