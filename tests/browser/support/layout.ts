// What is wrong with the layout of a page as it is: things that overlap, are cut off, lie out of reach or are too small to hit.
import type { Page } from 'playwright-core';

/** Sentences about what overlaps, is clipped, cannot be reached, or on a `touch` screen is smaller than 24 px. */
export const layoutProblems = (page: Page, touch: boolean): Promise<string[]> =>
  page.evaluate(findProblems, touch);

/** Runs in the page, so it brings all that it needs. Only what can be used is looked at: with a modal, what is in it. */
function findProblems(touch: boolean): string[] {
  interface Box {
    left: number;
    right: number;
    top: number;
    bottom: number;
  }
  interface Item {
    element: Element;
    /** What of it can be seen now. */
    seen: Box;
  }
  const found = new Set<string>();
  const root = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;
  const nameOf = (element: Element) => {
    const text = element.getAttribute('aria-label') ?? element.textContent ?? '';
    return `${element.tagName.toLowerCase()} “${text.replaceAll(/\s+/g, ' ').trim().slice(0, 40)}”`;
  };
  const isShown = (element: Element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    // Words for screen readers alone, and what shows itself with the focus only.
    for (let at: Element | null = element; at && at !== root; at = at.parentElement) {
      const { width, height } = at.getBoundingClientRect();
      if ((width <= 1 || height <= 1) && getComputedStyle(at).overflow === 'hidden') return false;
    }
    return element.closest('a[href^="#"]') === null;
  };
  const isPainted = ({ borderTopWidth, borderTopStyle, backgroundColor }: CSSStyleDeclaration) =>
    (borderTopStyle !== 'none' && borderTopWidth !== '0px') || !/, 0\)$|^transparent$/.test(backgroundColor);

  const scrollers = new Map<Element, Box>();

  /** Follows a box of an element's outwards from `inner` through all that may cut it off; returns what of it can be seen. */
  function follow(element: Element, { left, right, top, bottom }: Box, inner: Element | null): Box {
    const seen = { left, right, top, bottom };
    const say = (what: string) => found.add(`${nameOf(element)} ${what}`);
    let framed = false;
    for (let at = inner; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === 'contents' || style.display === 'inline') continue;
      const outer = at.getBoundingClientRect();
      const axes = [
        ['left', 'right', style.overflowX, outer.left + at.clientLeft, at.clientWidth, at.scrollLeft],
        ['top', 'bottom', style.overflowY, outer.top + at.clientTop, at.clientHeight, at.scrollTop],
      ] as const;
      if (axes.some(([, , overflow]) => overflow === 'auto' || overflow === 'scroll')) {
        // What can be scrolled to is cut off where the scroller is, which is looked at once.
        const window = scrollers.get(at) ?? follow(at, outer, at.parentElement);
        scrollers.set(at, window);
        for (const [begin, , , from, size, scrolled] of axes) {
          if (seen[begin] + scrolled < from - 1) say(`lies before the ${begin} of what can be scrolled to`);
          if (size < 8) say(`is in a scroller of ${size} px`);
        }
        return {
          left: Math.max(seen.left, window.left),
          right: Math.min(seen.right, window.right),
          top: Math.max(seen.top, window.top),
          bottom: Math.min(seen.bottom, window.bottom),
        };
      }
      if (!framed && isPainted(style)) {
        framed = true;
        const spilled =
          Math.max(outer.left - seen.left, seen.right - outer.right) > 1 ||
          Math.max(outer.top - seen.top, seen.bottom - outer.bottom) > 1;
        if (spilled) say(`spills out of ${nameOf(at)}`);
      }
      for (const [begin, end, overflow, from, size] of axes) {
        if (overflow === 'visible') continue;
        const to = from + size;
        if (Math.max(from - seen[begin], seen[end] - to) > 1) {
          const marked =
            begin === 'left' ? style.textOverflow === 'ellipsis' : style.webkitLineClamp !== 'none';
          if (!marked) say(`is clipped by ${nameOf(at)}`);
        }
        seen[begin] = Math.max(seen[begin], from);
        seen[end] = Math.min(seen[end], to);
      }
      if (at === root || style.position === 'fixed') break;
    }
    const out = Math.max(-seen.left, seen.right - innerWidth, -seen.top, seen.bottom - innerHeight);
    if (out > 1) say(`lies ${Math.round(out)} px outside of the screen`);
    return seen;
  }
  const isEmpty = ({ left, right, top, bottom }: Box) => right - left < 1 || bottom - top < 1;
  const overlap = (a: Box, b: Box) =>
    Math.min(
      Math.min(a.right, b.right) - Math.max(a.left, b.left),
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
    );
  const overlapping = (items: readonly Item[], least: number) =>
    items.forEach((a, index) => {
      for (const b of items.slice(index + 1))
        if (
          overlap(a.seen, b.seen) > least &&
          !a.element.contains(b.element) &&
          !b.element.contains(a.element)
        )
          found.add(`${nameOf(a.element)} overlaps ${nameOf(b.element)}`);
    });
  /** Sticky and fixed parts lie over what is scrolled beneath them. */
  const isLayered = (element: Element) => {
    for (let at: Element | null = element; at && at !== root; at = at.parentElement)
      if (/sticky|fixed/.test(getComputedStyle(at).position)) return true;
    return false;
  };

  // Text, line by line.
  const texts: Item[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement!;
    if (!node.textContent!.trim() || element.closest('script, style, select, textarea') || !isShown(element))
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()];
    for (const line of lines) {
      if (isEmpty(line)) continue;
      const seen = follow(element, line, element);
      if (!isEmpty(seen) && !isLayered(element)) texts.push({ element, seen });
    }
  }
  overlapping(texts, 2);

  // Text of fields, which have no nodes for it.
  const pen = document.createElement('canvas').getContext('2d')!;
  for (const field of root.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')) {
    const text =
      field instanceof HTMLSelectElement
        ? (field.selectedOptions[0]?.text ?? '')
        : field.value || field.placeholder;
    if (
      /range|checkbox|radio|file/.test(field.type) ||
      !isShown(field) ||
      (field.value && field.type === 'text')
    )
      continue;
    const style = getComputedStyle(field);
    pen.font = style.font;
    const arrow = field instanceof HTMLSelectElement || field.type === 'number' ? 16 : 0;
    const room =
      field.clientWidth -
      Number.parseFloat(style.paddingLeft) -
      Number.parseFloat(style.paddingRight) -
      arrow;
    if (pen.measureText(text).width > room + 1)
      found.add(`${nameOf(field)} has no room for its text “${text}”`);
  }

  // Controls.
  const selector =
    'a[href], button, input, select, textarea, summary, [role=option], [role=slider], [tabindex]:not([tabindex="-1"])';
  const controls: Item[] = [];
  for (const element of root.querySelectorAll(selector)) {
    if (!isShown(element) || element.matches('dialog')) continue;
    const rect = element.getBoundingClientRect();
    if (isEmpty(rect)) continue;
    const seen = follow(element, rect, element.parentElement);
    if (!isEmpty(seen)) controls.push({ element, seen });
    if (!isReachable(element, seen)) found.add(`${nameOf(element)} is covered by something else`);
    if (!touch) continue;
    const target = (element.closest('label') ?? element).getBoundingClientRect();
    // As WCAG 2.2 has it: what stands in a line of text is as large as its letters.
    const inText = [element, element.parentElement!].some((at) => getComputedStyle(at).display === 'inline');
    if (Math.min(target.width, target.height) < 23.5 && !inText && !element.matches('[role=region]'))
      found.add(`${nameOf(element)} is ${Math.round(target.width)} × ${Math.round(target.height)} px`);
  }
  overlapping(
    controls.filter(({ element }) => !isLayered(element)),
    1,
  );

  /** Whether a press in the middle meets the control, now or once it is scrolled to. */
  function isReachable(element: Element, seen: Box): boolean {
    const isHit = ({ left, right, top, bottom }: Box) => {
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return hit !== null && (element.contains(hit) || hit.closest('label')?.contains(element) === true);
    };
    if (!isEmpty(seen) && isHit(seen)) return true;
    const places: [Element, number, number][] = [];
    for (let at: Element | null = element; at; at = at.parentElement)
      places.push([at, at.scrollLeft, at.scrollTop]);
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const reached = isHit(element.getBoundingClientRect());
    for (const [at, left, top] of places) at.scrollTo({ left, top, behavior: 'instant' });
    return reached;
  }

  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.add(`the page is ${wide} px wider than the screen`);
  return [...found];
}
