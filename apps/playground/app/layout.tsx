// The HTML shell: language and theme come from cookies so that the first paint is already right.
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { visitorLocale } from '../src/i18n/visitorLocale.ts';
import './globals.css';

export async function generateMetadata(): Promise<Metadata> {
  const { pageTitle: title, pageDescription: description } = (await visitorLocale()).strings;
  return { title, description };
}

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
  const { locale } = await visitorLocale();
  const theme = (await cookies()).get('theme')?.value;
  return (
    <html lang={locale} data-theme={theme === 'light' || theme === 'dark' ? theme : 'system'}>
      <body>
        {/* Nothing is painted before the whole page is there: half a page would be laid out otherwise, and jump. */}
        <link rel="expect" href="#page-end" blocking="render" />
        {children}
        <div id="page-end" hidden />
      </body>
    </html>
  );
}
