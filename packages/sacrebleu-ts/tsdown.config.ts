import { library } from '../../tsdown.base.ts';

export default library({
  entry: ['src/index.ts', 'src/spm.ts', 'src/node.ts', 'src/cli.ts'],
  dts: { entry: ['src/index.ts', 'src/spm.ts', 'src/node.ts'] },
});
