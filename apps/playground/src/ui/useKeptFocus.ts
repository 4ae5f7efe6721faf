// Keeps the focus on the page: when what has it goes away or is disabled, it moves to what has taken its place.
'use client';
import { useEffect, type RefObject } from 'react';

/** What may be landed on; no text field, which would open a phone's keyboard, unless it is marked with `data-return`. */
const places = [
  'a[href]',
  'button:enabled',
  'select:enabled',
  'summary',
  'input:is([type=checkbox], [type=range], [type=radio]:checked):enabled',
].join();

/** Watches what is drawn in `root`; what is in an element with `data-keeps-focus` is looked after there. */
export function useKeptFocus(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = root.current!;
    /** What had the focus last, and all that it is in, from the inside out. */
    let path: HTMLElement[] = [];
    const onFocus = (event: FocusEvent) => {
      path = event.composedPath().filter((target) => target instanceof HTMLElement);
    };
    /** Who presses where nothing has the focus wants none; what is pressed gets it after this. */
    const onPress = () => {
      path = [];
    };
    const observer = new MutationObserver(() => {
      const [last, ...around] = path;
      if (!last || (last.isConnected && !last.matches(':disabled'))) return;
      if (document.activeElement !== document.body && document.activeElement !== last) return;
      const left = around.filter(({ isConnected }) => isConnected);
      if (left.some(({ dataset }) => dataset['keepsFocus'] !== undefined)) return;
      for (const place of left) {
        const target =
          place.querySelector<HTMLElement>('[data-return]') ?? place.querySelector<HTMLElement>(places);
        target?.focus();
        if (target && document.activeElement === target) return;
      }
    });
    observer.observe(element, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['disabled'],
    });
    element.addEventListener('focusin', onFocus);
    element.addEventListener('pointerdown', onPress);
    return () => {
      observer.disconnect();
      element.removeEventListener('focusin', onFocus);
      element.removeEventListener('pointerdown', onPress);
    };
  }, [root]);
}
