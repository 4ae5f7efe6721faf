// A fault while drawing: says so and offers to draw again.
'use client';

export default function ErrorPage({ error, reset }: { error: Error; reset(): void }) {
  return (
    <main className="grid h-dvh place-content-center gap-3 p-6 text-center" role="alert">
      <h1 className="text-2xl font-semibold">The page broke</h1>
      <p className="text-muted">{error.message}</p>
      <button type="button" onClick={reset} className="mx-auto rounded-lg bg-accent px-4 py-2 text-on-accent">
        Draw it again
      </button>
    </main>
  );
}
