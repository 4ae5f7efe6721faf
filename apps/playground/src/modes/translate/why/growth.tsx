// How much of the beam tree is shown: all of it, up to a step chosen with a slider, or growing by itself.
'use client';
import { useEffect, useId, useState } from 'react';
import { Button } from '../../../ui/buttons.tsx';
import { useTranslateStrings } from '../strings.ts';

/** Milliseconds between two steps. */
const pace = 450;

/** Steps of the tree of a version that are shown, and how to change that; another version is shown whole again. */
export function useGrowth(version: string, total: number) {
  const [chosen, setChosen] = useState<{ version: string; step: number } | null>(null);
  const [playing, setPlaying] = useState(false);
  const followed = chosen?.version === version;
  const shown = followed ? Math.min(chosen.step, total) : total;
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (shown < total) setChosen({ version, step: shown + 1 });
      else setPlaying(false);
    }, pace);
    return () => clearTimeout(timer);
  }, [playing, shown, total, version]);
  const show = (step: number) => {
    setPlaying(false);
    setChosen({ version, step });
  };
  const play = () => {
    if (!playing && shown === total) setChosen({ version, step: 1 });
    setPlaying(!playing);
  };
  return { shown, followed, playing, show, play };
}

type GrowthControlsProps = Pick<ReturnType<typeof useGrowth>, 'shown' | 'playing' | 'show' | 'play'> & {
  total: number;
};

/** A slider over the steps, and a button that lets the tree grow, for those who do not mind motion. */
export function GrowthControls({ shown, total, playing, show, play }: GrowthControlsProps) {
  const strings = useTranslateStrings();
  const id = useId();
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <label htmlFor={id}>{strings.treeStep}</label>
      <input
        id={id}
        type="range"
        min={1}
        max={total}
        step={1}
        value={shown}
        aria-valuetext={strings.treeStepOf(shown, total)}
        onChange={(event) => show(Number(event.target.value))}
        className="w-36"
      />
      <span className="text-muted tabular-nums" aria-hidden="true">
        {shown} / {total}
      </span>
      <Button icon={playing ? 'pause' : 'play'} onClick={play} className="motion-reduce:hidden">
        {playing ? strings.treePause : strings.treePlay}
      </Button>
    </div>
  );
}
