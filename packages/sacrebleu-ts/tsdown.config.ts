import { defineConfig } from 'tsdown';

export default defineConfig([
  { entry: ['src/index.ts', 'src/spm.ts'], format: 'esm', dts: true, platform: 'neutral', fixedExtension: false, clean: true },
  { entry: ['src/node.ts', 'src/cli.ts'], format: 'esm', dts: { entry: ['src/node.ts'] }, platform: 'node', fixedExtension: false, clean: false },
]);
