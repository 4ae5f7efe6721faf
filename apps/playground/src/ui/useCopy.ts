// Copies text and says so; falls back to the old way where the page has no secure address.
'use client';
import { useStrings } from '../i18n/Strings.tsx';
import { useToast } from './Toast.tsx';

async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = Object.assign(document.createElement('textarea'), { value: text });
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('copyText: the browser refused');
}

/** A function that copies. */
export function useCopy(): (text: string) => void {
  const strings = useStrings();
  const toast = useToast();
  return (text) => {
    copyText(text).then(
      () => toast(strings.copied),
      () => toast(strings.notCopied),
    );
  };
}
