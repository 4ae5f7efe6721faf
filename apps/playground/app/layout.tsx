// The HTML shell: language and theme come from cookies so that the first paint is already right.
import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { isLocale, negotiateLocale } from '../src/i18n/locale.ts';
import './globals.css';

export const metadata: Metadata = {
  title: 'd2l.ts playground',
  description: 'Translate with models trained in TypeScript, and see why they said it.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  interactiveWidget: 'resizes-content',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfbfa' },
    { media: '(prefers-color-scheme: dark)', color: '#131316' },
  ],
};

export default async function Layout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const wanted = jar.get('locale')?.value;
  const locale = isLocale(wanted) ? wanted : negotiateLocale((await headers()).get('accept-language'));
  const theme = jar.get('theme')?.value;
  return (
    <html lang={locale} data-theme={theme === 'light' || theme === 'dark' ? theme : 'system'}>
      <body>{children}</body>
    </html>
  );
}
