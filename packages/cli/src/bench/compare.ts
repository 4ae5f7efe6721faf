// Ours and others', alternated in one session; only ratios within a round count.
import { type BenchRecord } from './record.ts';
import { measureInChild } from './child.ts';
import { type PeerOptions, type PeerRecord, measurePeer } from './peer.ts';
import { type TfjsEngine, type TfjsRecord, measureTfjs } from './tfjs.ts';

/** Whom to compare with. */
export interface Rivals {
  /** PyTorch, in the best of the modes asked for; a workload without a twin is measured alone. */
  pytorch?: PeerOptions | undefined;
  /** TensorFlow.js' own engines, installed in a folder. */
  tfjs?: { folder: string; engines: readonly TfjsEngine[] } | undefined;
}

/** A workload against its twins; ratios above 1 mean that ours is faster. */
export interface Comparison extends BenchRecord {
  peer_mode?: string;
  peer_median_ms?: number;
  peer_peak_rss_mb?: number;
  speed_ratio?: number;
  /** Our peak memory divided by PyTorch's. */
  memory_share?: number;
  /** By engine: its time and how many times faster ours is. */
  tfjs?: Partial<Record<TfjsEngine, { median_ms: number; speed_ratio: number }>>;
  rounds: number;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

interface Round {
  ours: BenchRecord;
  pytorch: PeerRecord | undefined;
  tfjs: Partial<Record<TfjsEngine, TfjsRecord>>;
}

/** Measures `rounds` times: ours, then each twin. */
export async function compare(
  name: string,
  rivals: Rivals,
  options: { backend: string; threads: number; seconds: number; rounds: number },
): Promise<Comparison> {
  const rounds: Round[] = [];
  for (let i = 0; i < options.rounds; i++) rounds.push(await playRound(name, rivals, options));
  const middle = byTime(rounds.map(({ ours }) => ours))[options.rounds >> 1]!;
  const result: Comparison = { ...middle, rounds: options.rounds };
  const against = <R extends { median_ms: number }>(pick: (round: Round) => R | undefined) =>
    rounds.flatMap((round) => {
      const theirs = pick(round);
      return theirs === undefined ? [] : [{ ours: round.ours, theirs }];
    });
  const ratio = (pairs: { ours: BenchRecord; theirs: { median_ms: number } }[]) =>
    median(pairs.map(({ ours, theirs }) => theirs.median_ms / ours.median_ms));

  const pytorch = against((round) => round.pytorch);
  if (pytorch.length > 0) {
    const shown = byTime(pytorch.map(({ theirs }) => theirs))[pytorch.length >> 1]!;
    result.peer_mode = shown.mode;
    result.peer_median_ms = shown.median_ms;
    result.peer_peak_rss_mb = median(pytorch.map(({ theirs }) => theirs.peak_rss_mb));
    result.speed_ratio = ratio(pytorch);
    result.memory_share = median(pytorch.map(({ ours, theirs }) => ours.peak_rss_mb / theirs.peak_rss_mb));
  }
  for (const engine of rivals.tfjs?.engines ?? []) {
    const pairs = against((round) => round.tfjs[engine]);
    if (pairs.length === 0) continue;
    const median_ms = median(pairs.map(({ theirs }) => theirs.median_ms));
    result.tfjs = { ...result.tfjs, [engine]: { median_ms, speed_ratio: ratio(pairs) } };
  }
  return result;
}

/** One measurement of each; of PyTorch's modes the best. */
async function playRound(
  name: string,
  { pytorch, tfjs }: Rivals,
  options: { backend: string; threads: number; seconds: number },
): Promise<Round> {
  const round: Round = { ours: await measureInChild({ name, ...options }), pytorch: undefined, tfjs: {} };
  if (pytorch !== undefined) {
    for (const mode of pytorch.modes) {
      const record = await measurePeer(name, mode, pytorch, options);
      if (record === undefined) continue;
      if (round.pytorch === undefined || record.median_ms < round.pytorch.median_ms) round.pytorch = record;
    }
  }
  for (const engine of tfjs?.engines ?? []) {
    const record = await measureTfjs(name, engine, tfjs!.folder, options);
    if (record !== undefined) round.tfjs[engine] = record;
  }
  return round;
}

const byTime = <R extends { median_ms: number }>(records: R[]): R[] =>
  records.toSorted((a, b) => a.median_ms - b.median_ms);
