// Parses a server-sent event stream from fetch, chunk by chunk.

/** Collects chunks of text and gives back the data of every complete event. */
export class EventParser {
  private rest = '';

  /** Adds a chunk; returns the `data` of each event that it completes. */
  push(chunk: string): string[] {
    const blocks = (this.rest + chunk).split(/\r?\n\r?\n/);
    this.rest = blocks.pop()!;
    return blocks
      .map((block) =>
        block
          .split(/\r?\n/)
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5).replace(/^ /, ''))
          .join('\n'),
      )
      .filter((data) => data !== '');
  }
}
