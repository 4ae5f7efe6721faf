// `npm start`: from a clone to the playground in the browser. Arguments go to the server (--port, --host).
import { build, installIfMissing, run } from './bootstrap.mjs';

installIfMissing();
build();
process.exitCode = run('npm', [
  'run',
  '--silent',
  'start',
  '-w',
  'apps/playground',
  '--',
  ...process.argv.slice(2),
]);
