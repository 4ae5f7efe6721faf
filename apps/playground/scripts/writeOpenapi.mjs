// Writes openapi.json from the schemas that validate requests: `npm run openapi -w apps/playground`.
import { writeFileSync } from 'node:fs';
import { openapi } from '../src/server/openapi.ts';

writeFileSync(new URL('../openapi.json', import.meta.url), `${JSON.stringify(openapi, null, 2)}\n`);
