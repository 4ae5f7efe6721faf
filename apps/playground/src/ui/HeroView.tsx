// The head of an empty page: what the mode is, and which model will answer.
import { ModelLine } from './ModelLine.tsx';

export function HeroView({ title, text }: { title: string; text: string }) {
  return (
    <div className="text-center">
      <h1 className="text-3xl font-semibold tracking-tight text-balance sm:text-4xl">{title}</h1>
      <p className="mx-auto mt-3 max-w-xl text-pretty text-muted">{text}</p>
      <div className="mt-4 flex min-h-11 justify-center">
        <ModelLine />
      </div>
    </div>
  );
}
