// GPT-2's printable stand-ins for the 256 bytes, the alphabet of byte-level BPE.

const printable = (byte: number) =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

/** The character that stands for each byte: itself when printable, else one from U+0100 on. */
export const byteCharacters: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
})();

const encoder = new TextEncoder();

/** A text's UTF-8 bytes, each as its stand-in character. */
export function toByteCharacters(text: string): string {
  let result = '';
  for (const byte of encoder.encode(text)) result += byteCharacters[byte]!;
  return result;
}
