// The language of whoever asks for a page: what was chosen before, else the browser's. For the server only.
import { cookies, headers } from 'next/headers';
import en, { type Strings } from './en.ts';
import { isLocale, negotiateLocale, type Locale } from './locale.ts';
import zh from './zh.ts';

/** The visitor's language and its strings. */
export async function visitorLocale(): Promise<{ locale: Locale; strings: Strings }> {
  const wanted = (await cookies()).get('locale')?.value;
  const locale = isLocale(wanted) ? wanted : negotiateLocale((await headers()).get('accept-language'));
  return { locale, strings: locale === 'zh' ? zh : en };
}
