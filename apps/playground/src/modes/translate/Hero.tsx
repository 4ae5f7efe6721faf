// The empty page of the translate mode: what this is, and which model will answer.
'use client';
import { useStrings } from '../../i18n/Strings.tsx';
import { ModelLine } from '../../ui/ModelLine.tsx';

export function Hero() {
  const strings = useStrings();
  return (
    <div className="text-center">
      <h1 className="text-3xl font-semibold tracking-tight text-balance sm:text-4xl">{strings.heroTitle}</h1>
      <p className="mx-auto mt-3 max-w-xl text-pretty text-muted">{strings.heroText}</p>
      <div className="mt-4 flex min-h-10 justify-center">
        <ModelLine />
      </div>
    </div>
  );
}
