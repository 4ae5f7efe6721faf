// What importing core does survives a bundler that drops what nothing names: gradients are there.
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { bundle } from './bundle.ts';

it.each([
  ['tf.grads', `console.log(tf.grad((x) => tf.square(x))(tf.scalar(3)).dataSync()[0])`],
  [
    'valueAndGrads',
    `const w = tf.variable(tf.scalar(3)); console.log(valueAndGrads(() => tf.square(w), [w]).grads[0].dataSync()[0])`,
  ],
])('%s in a bundle', async (name, use) => {
  const at = (ending: string) =>
    fileURLToPath(new URL(`./.bundled-${name}-${process.pid}.${ending}`, import.meta.url));
  const [script, bundled] = [at('ts'), at('mjs')];
  onTestFinished(() => Promise.all([script, bundled].map((path) => rm(path, { force: true }))) as never);
  const imports = `import * as tf from '@tensorflow/tfjs-core'; import { useBackend, valueAndGrads } from '@d2lts/core';`;
  await writeFile(script, `${imports}\nawait useBackend();\n${use};\n`);
  await bundle(script, bundled);
  const { stdout } = await promisify(execFile)(process.execPath, [bundled]);
  expect(stdout.trim()).toBe('6');
});
