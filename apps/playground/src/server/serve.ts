// `npm start`: opens the port, starts the worker with the models, and prints the address. (Entry of dist/serve.js.)
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import next from 'next';
import { EngineHost } from '../engine/host.ts';
import { createApp } from './app.ts';
import { isLoopback, parseServeOptions, type ServeOptions } from './options.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));

async function serve({ port, host, dev }: ServeOptions): Promise<void> {
  const engine = new EngineHost(() => new Worker(new URL('./worker.js', import.meta.url)));
  const site = next({ dev, dir: folder, hostname: host, port });
  await site.prepare();
  const handler = site.getRequestHandler();
  // The page comes first: what training needs is loaded while the worker loads its models.
  const training = import('../training/openTraining.ts')
    .then(({ openTraining }) => openTraining(fileURLToPath(new URL('./trainer.js', import.meta.url))))
    .catch((error: Error) => {
      console.error(`Training is not there: ${error.message}`);
      return undefined;
    });
  const server = createApp(engine, (request, response) => handler(request, response), {
    development: dev,
    localOnly: isLoopback(host),
    training,
  });
  server.on('error', (error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'EADDRINUSE' ? `port ${port} is in use; choose another with --port` : error.message;
    console.error(`start: cannot listen on ${host}:${port}: ${why}`);
    process.exit(2);
  });
  server.listen(port, host, () => {
    const { port: actual } = server.address() as AddressInfo;
    console.log(`d2l.ts playground: http://${host.includes(':') ? `[${host}]` : host}:${actual}`);
  });
  void engine.settled.then(() => {
    const { info } = engine;
    if (info)
      console.log(
        `${info.models.length} model(s) on the ${info.backend.name} backend, ${info.backend.threads} thread(s): ${info.backend.reason}`,
      );
    else console.error(`The models could not be loaded: ${engine.reason}`);
  });
  let closing = false;
  const close = () => {
    if (closing) process.exit(1);
    closing = true;
    server.close();
    server.closeAllConnections();
    const closed = [training.then((host) => host?.close()), engine.close().then(() => site.close())];
    void Promise.allSettled(closed).then(() => process.exit(0));
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
}

try {
  await serve(parseServeOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
