// `npm start`: from a clone to the playground in the browser. Arguments go to the server (--port, --host).
import { buildIfChanged, installIfMissing } from './bootstrap.mjs';

installIfMissing();
buildIfChanged();
process.env.NEXT_TELEMETRY_DISABLED ??= '1';
await import('../apps/playground/dist/serve.js');
