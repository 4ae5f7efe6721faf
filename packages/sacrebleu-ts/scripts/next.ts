// Builds a Next page whose client component uses the packed package, opens it in Chromium and prints the score:
//
//     npx tsx scripts/next.ts      (after npm run build; takes a minute, so no test does it)

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textOf } from '../test/browser.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// Inside the repository, whose Next it uses; of sacrebleu-ts it sees the unpacked tarball.
const project = join(root, 'build/next-page');
const installed = join(project, 'node_modules/sacrebleu-ts');
rmSync(project, { recursive: true, force: true });
for (const folder of [join(project, 'app'), installed]) mkdirSync(folder, { recursive: true });

const files = {
  'package.json': '{ "name": "next-page", "private": true, "type": "module" }',
  'next.config.mjs': `export default { output: 'export' };`,
  'app/layout.jsx': `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}`,
  'app/page.jsx': `'use client';
import { useEffect, useState } from 'react';
import { BLEU } from 'sacrebleu-ts';

export default function Page() {
  const [text, setText] = useState('');
  useEffect(() => {
    const score = new BLEU().corpusScore(['The dog bit the man.'], [['The dog had bit the man.']]);
    setText(score.format({ signature: true }));
  }, []);
  return <output>{text}</output>;
}`,
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), `${text}\n`);

const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', project], { cwd: root });
const tarball = packed.toString().trim();
execFileSync('tar', ['-xzf', join(project, tarball), '--strip-components=1', '-C', installed]);
const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
execFileSync(process.execPath, [next, 'build'], {
  cwd: project,
  stdio: 'inherit',
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
});
console.log(await textOf(join(project, 'out'), 'output'));
rmSync(project, { recursive: true });
