// Terminal colors, and the width of text without them.

const CODES = { red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** Wraps text in a color, or leaves it. */
export type Paint = (text: string, color: keyof typeof CODES) => string;

/** Painting for terminals, or none. */
export function painter(enabled: boolean): Paint {
  return (text, color) => (enabled ? `\x1b[${CODES[color]}m${text}\x1b[0m` : text);
}

/** Characters (code points) of a text without color codes. */
export function visibleWidth(text: string): number {
  // eslint's no-control-regex does not apply: the escape is the point.
  return Array.from(text.replaceAll(new RegExp(String.raw`\x1b\[\d+m`, 'g'), '')).length;
}
