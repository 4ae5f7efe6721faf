import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts', 'src/spm.ts', 'src/node.ts', 'src/cli.ts'],
  format: 'esm',
  dts: { entry: ['src/index.ts', 'src/spm.ts', 'src/node.ts'] },
  platform: 'node',
  fixedExtension: false,
});
