// Any other address: says so and leads back.
import Link from 'next/link';
import { visitorLocale } from '../src/i18n/visitorLocale.ts';

export default async function NotFound() {
  const { strings } = await visitorLocale();
  return (
    <main className="grid h-dvh place-content-center gap-3 p-6 text-center">
      <h1 className="text-2xl font-semibold">{strings.notFound}</h1>
      <p className="text-muted">{strings.notFoundText}</p>
      <Link href="/" className="text-accent underline">
        {strings.openPlayground}
      </Link>
    </main>
  );
}
