// The interface languages and how one is chosen.

/** Languages the interface speaks. */
export const locales = ['en', 'zh'] as const;
export type Locale = (typeof locales)[number];

export const isLocale = (value: unknown): value is Locale => locales.includes(value as Locale);

/** The first language of an Accept-Language header that the interface speaks; English otherwise. */
export function negotiateLocale(header: string | null): Locale {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag, quality] = part.trim().split(';q=');
      return {
        language: tag!.toLowerCase().split('-')[0],
        quality: quality === undefined ? 1 : Number(quality),
      };
    })
    .sort((a, b) => b.quality - a.quality);
  return wanted.map(({ language }) => language).find(isLocale) ?? 'en';
}

/** The language that the page is in. */
export const pageLocale = (): Locale =>
  typeof document !== 'undefined' && document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';
