import { library } from '../../tsdown.base.ts';

export default library({
  entry: ['src/index.ts', 'src/main.ts'],
  // The models that ship with the command.
  copy: [{ from: '../../models', to: 'dist' }],
});
