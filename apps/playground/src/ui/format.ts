// Numbers as people read them.

const digits = (value: number, places: number) => value.toFixed(places).replace(/\.0+$/, '');

/** 1234567 → `1.2 M`. */
export function formatCount(value: number): string {
  if (value >= 1e9) return `${digits(value / 1e9, 1)} B`;
  if (value >= 1e6) return `${digits(value / 1e6, 1)} M`;
  if (value >= 1e3) return `${digits(value / 1e3, 0)} k`;
  return String(value);
}

/** Bytes → `9.8 MB`. */
export function formatBytes(value: number): string {
  if (value >= 1e6) return `${digits(value / 1e6, 1)} MB`;
  return `${Math.max(1, Math.round(value / 1e3))} kB`;
}

/** A natural-log probability as a percentage. */
export function formatProbability(logProb: number): string {
  const percent = Math.exp(logProb) * 100;
  return percent >= 10 ? `${Math.round(percent)}%` : percent >= 0.1 ? `${percent.toFixed(1)}%` : '<0.1%';
}

/** A piece of text so that spaces at its ends can be seen. */
export const visiblePiece = (text: string): string => (text.trim() === '' ? '␣' : text.trim());
