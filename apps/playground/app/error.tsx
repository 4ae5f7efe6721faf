// A fault while drawing: says so, offers to draw again, and to leave what was open behind.
'use client';
import { forgetActive } from '../src/chat/active.ts';
import { browserStorage } from '../src/chat/browserStorage.ts';
import { brokenStrings } from '../src/i18n/broken.ts';
import { pageLocale } from '../src/i18n/locale.ts';
import { Button } from '../src/ui/buttons.tsx';

export default function ErrorPage({ error, reset }: { error: Error; reset(): void }) {
  const strings = brokenStrings[pageLocale()];
  return (
    <main className="grid h-dvh place-content-center p-6">
      <div role="alert" className="grid justify-items-center gap-3 text-center">
        <h1 className="text-2xl font-semibold">{strings.broken}</h1>
        <p className="max-w-prose text-muted">{strings.brokenText}</p>
        <p className="max-w-prose font-mono text-xs break-words text-muted" lang="en">
          {error.message}
        </p>
        <div className="flex flex-wrap justify-center gap-2">
          <Button look="primary" onClick={reset}>
            {strings.drawAgain}
          </Button>
          <Button
            onClick={() => {
              forgetActive(browserStorage());
              reset();
            }}
          >
            {strings.startEmpty}
          </Button>
        </div>
      </div>
    </main>
  );
}
