// Ours and PyTorch's, alternated in one session; only ratios within a round count.
import { type BenchRecord } from './record.ts';
import { measureInChild } from './child.ts';
import { type PeerOptions, type PeerRecord, measurePeer, peerModes } from './peer.ts';

/** A workload against its twin; ratios above 1 mean that ours is faster, or needs less memory. */
export interface Comparison extends BenchRecord {
  peer_mode: string;
  peer_median_ms: number;
  peer_peak_rss_mb: number;
  speed_ratio: number;
  /** Ours divided by PyTorch's. */
  memory_share: number;
  rounds: number;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Measures `rounds` times: ours, then the twin in each of its modes; the best mode of a round is compared. */
export async function compare(
  name: string,
  peer: PeerOptions,
  options: { backend: string; threads: number; seconds: number; rounds: number },
): Promise<Comparison> {
  const ours: BenchRecord[] = [];
  const theirs: PeerRecord[] = [];
  for (let round = 0; round < options.rounds; round++) {
    ours.push(await measureInChild(name, options));
    let best: PeerRecord | undefined;
    for (const mode of peerModes) {
      const record = await measurePeer(name, mode, peer, options);
      if (record !== undefined && (best === undefined || record.median_ms < best.median_ms)) best = record;
    }
    if (best === undefined) throw new Error(`${name} has no PyTorch twin`);
    theirs.push(best);
  }
  const speed = median(ours.map((record, i) => theirs[i]!.median_ms / record.median_ms));
  const middle = ours.toSorted((a, b) => a.median_ms - b.median_ms)[options.rounds >> 1]!;
  const theirMiddle = theirs.toSorted((a, b) => a.median_ms - b.median_ms)[options.rounds >> 1]!;
  return {
    ...middle,
    peer_mode: theirMiddle.mode,
    peer_median_ms: theirMiddle.median_ms,
    peer_peak_rss_mb: median(theirs.map((record) => record.peak_rss_mb)),
    speed_ratio: speed,
    memory_share: median(ours.map((record, i) => record.peak_rss_mb / theirs[i]!.peak_rss_mb)),
    rounds: options.rounds,
  };
}
