// Finds a key that stands twice in one object of a valid JSON text; JSON.parse would keep the last silently.

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const colon = 0x3a;

/** The first key that an object repeats, if any. `json` must be valid JSON. */
export function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    const character = json.charCodeAt(i);
    if (character === openBrace) open.push(new Set());
    else if (character === closeBrace) open.pop();
    else if (character === quote) {
      const end = endOfString(json, i);
      if (isFollowedByColon(json, end)) {
        const key = JSON.parse(json.slice(i, end + 1)) as string;
        const keys = open.at(-1)!;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      i = end;
    }
  }
  return undefined;
}

function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (json.charCodeAt(i) !== quote) i += json.charCodeAt(i) === backslash ? 2 : 1;
  return i;
}

function isFollowedByColon(json: string, end: number): boolean {
  let i = end + 1;
  while (json.charCodeAt(i) <= 0x20) i++;
  return json.charCodeAt(i) === colon;
}
