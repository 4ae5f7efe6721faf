// Reads JSON text piece by piece, as strictly as Rust's serde_json: what JSON.parse hides is seen here (`4.0` is not `4`,
// half a surrogate pair is no string, a key may come twice), nothing is built that is not asked for, in linear time.

const maxDepth = 127; // serde_json's
const maxNatural = 2n ** 64n - 1n;
const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

/** An unsigned 64-bit integer; a bigint where a number would round it. */
export type Natural = number | bigint;

/** A cursor over one JSON text. Every method throws a SyntaxError where the text is not what it reads. */
export class JsonReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  /** The first character of the next value, `''` at the end of the text. */
  peek(): string {
    this.match(space);
    return this.text.charAt(this.at);
  }

  /** Reads an object; `member` must read each key's value. */
  object(member: (key: string) => void): void {
    this.list('{', '}', () => {
      const key = this.string();
      this.expect(':');
      member(key);
    });
  }

  /** Reads an array; `item` must read each item. */
  array(item: () => void): void {
    this.list('[', ']', item);
  }

  string(): string {
    this.expect('"');
    const start = this.at;
    let escaped = false;
    for (; ; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x22) break;
      if (!(code >= 0x20)) this.fail('a string'); // a control character, or NaN at the end of the text
      if (code === 0x5c) {
        escaped = true;
        this.at++;
      }
    }
    const raw = this.text.slice(start, this.at++);
    if (!escaped) return raw;
    const value = JSON.parse(`"${raw}"`) as string;
    return isWellFormed(value) ? value : this.fail('whole characters');
  }

  /** An unsigned 64-bit integer, written as one. */
  natural(): Natural {
    this.match(space);
    const digits = this.match(number);
    if (!/^\d+$/.test(digits) || digits.length > 20) this.fail('an unsigned integer');
    if (Number.isSafeInteger(Number(digits))) return Number(digits);
    const value = BigInt(digits);
    return value <= maxNatural ? value : this.fail('an unsigned 64-bit integer');
  }

  /** Reads over any value. */
  skip(): void {
    const first = this.peek();
    if (first === '{') this.object(() => this.skip());
    else if (first === '[') this.array(() => this.skip());
    else if (first === '"') this.string();
    else if (this.match(word) === '') {
      const digits = this.match(number);
      if (digits === '' || !Number.isFinite(Number(digits))) this.fail('a value');
    }
  }

  /** Makes sure that nothing follows. */
  end(): void {
    if (this.peek() !== '') this.fail('the end');
  }

  private list(open: string, close: string, item: () => void): void {
    this.expect(open);
    if (++this.depth > maxDepth) this.fail(`at most ${maxDepth} levels`);
    if (this.peek() !== close) {
      item();
      while (this.peek() === ',') {
        this.at++;
        item();
      }
    }
    this.expect(close);
    this.depth--;
  }

  private expect(character: string): void {
    if (this.peek() !== character) this.fail(character);
    this.at++;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private fail(wanted: string): never {
    throw new SyntaxError(`expected ${wanted} at character ${this.at}`);
  }
}

/** Whether a string has no half of a surrogate pair, so that UTF-8 can hold it. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
