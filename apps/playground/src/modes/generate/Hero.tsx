// The empty page of the generate mode.
'use client';
import { HeroView } from '../../ui/HeroView.tsx';
import { useGenerateStrings } from './strings.ts';

export function Hero() {
  const { heroTitle, heroText } = useGenerateStrings();
  return <HeroView title={heroTitle} text={heroText} />;
}
