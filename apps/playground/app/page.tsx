// The one page: what the visitor chose before comes from cookies, the rest happens in the browser.
import { cookies, headers } from 'next/headers';
import { isLocale, negotiateLocale } from '../src/i18n/locale.ts';
import { Playground } from '../src/ui/Playground.tsx';

export default async function Page() {
  const jar = await cookies();
  const wanted = jar.get('locale')?.value;
  const locale = isLocale(wanted) ? wanted : negotiateLocale((await headers()).get('accept-language'));
  const theme = jar.get('theme')?.value;
  return <Playground locale={locale} theme={theme === 'light' || theme === 'dark' ? theme : 'system'} />;
}
