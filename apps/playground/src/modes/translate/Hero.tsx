// The empty page of the translate mode.
'use client';
import { useStrings } from '../../i18n/Strings.tsx';
import { HeroView } from '../../ui/HeroView.tsx';

export function Hero() {
  const { heroTitle, heroText } = useStrings();
  return <HeroView title={heroTitle} text={heroText} />;
}
