// What of an answer can be read out while it is made: sentences that will not change any more.
import { isPending, type Line, type Version } from './conversations.ts';

/** The finished sentences and lines of an answer, in order; it only grows while the answer does. */
export function spokenParts(version: Version, language: string | undefined): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  const pending = isPending(version);
  return version.lines.flatMap((line) => {
    const parts = [...segmenter.segment(line.text)].map(({ segment }) => segment);
    return finished(line, parts, pending)
      .map((part) => part.trim())
      .filter(Boolean);
  });
}

function finished(line: Line, parts: string[], pending: boolean): string[] {
  if (line.result || !pending) return parts;
  // A beam may still change its mind; of decided tokens the last sentence may go on.
  return line.tokens.length > 0 ? parts.slice(0, -1) : [];
}
