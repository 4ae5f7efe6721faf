// What a server holds, as itself and the operating system tell it.
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { RunningServer } from './startServer.ts';

/** What must be the same before and after a load. Sockets and threads are told by Linux only. */
export interface Usage {
  residentBytes: number;
  heapBytes: number;
  tensors: number;
  tensorBytes: number;
  restarts: number;
  threads?: number;
  sockets?: number;
}

/** What `/api/health` tells. */
export interface Health {
  status: string;
  restarts: number;
  queue: { running: number; waiting: number; limit: number };
  memory: { residentBytes: number; heapBytes: number; tensors: number; tensorBytes: number };
}

/** Reads `/api/health` on a connection of its own. */
export async function readHealth(origin: string): Promise<Health> {
  const response = await fetch(`${origin}/api/health`, { headers: { Connection: 'close' } });
  return (await response.json()) as Health;
}

/** Sockets and threads of a process; nothing where there is no /proc. */
async function readProcess(pid: number): Promise<Pick<Usage, 'threads' | 'sockets'>> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => undefined);
  if (!names) return {};
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return {
    sockets: links.filter((link) => link.startsWith('socket:')).length,
    threads: Number(/^Threads:\s+(\d+)/m.exec(status)![1]),
  };
}

/** What the server holds now. */
export async function readUsage({ origin, pid }: RunningServer): Promise<Usage> {
  const { memory, restarts } = await readHealth(origin);
  return { ...memory, restarts, ...(await readProcess(pid)) };
}
