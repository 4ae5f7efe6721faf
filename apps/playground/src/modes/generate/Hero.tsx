// The empty page of the generate mode.
'use client';
import { useStrings } from '../../i18n/Strings.tsx';
import { HeroView } from '../../ui/HeroView.tsx';

export function Hero() {
  const { generateTitle, generateText } = useStrings();
  return <HeroView title={generateTitle} text={generateText} />;
}
