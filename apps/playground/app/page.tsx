// The one page: what the visitor chose before comes from cookies, the rest happens in the browser.
import { cookies } from 'next/headers';
import { visitorLocale } from '../src/i18n/visitorLocale.ts';
import { Playground } from '../src/ui/Playground.tsx';

export default async function Page() {
  const { locale } = await visitorLocale();
  const theme = (await cookies()).get('theme')?.value;
  return <Playground locale={locale} theme={theme === 'light' || theme === 'dark' ? theme : 'system'} />;
}
