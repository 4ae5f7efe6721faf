// Any other address: says so and leads back.
import Link from 'next/link';

export default function NotFound() {
  return (
    <main className="grid h-dvh place-content-center gap-3 p-6 text-center">
      <h1 className="text-2xl font-semibold">There is no page here</h1>
      <p className="text-muted">The playground has one page.</p>
      <Link href="/" className="text-accent underline">
        Open the playground
      </Link>
    </main>
  );
}
