// The empty page of the translate mode.
'use client';
import { useLocale, useStrings } from '../../i18n/Strings.tsx';
import { useChat, useTarget } from '../../ui/chatContext.tsx';
import { languageName } from '../../ui/format.ts';
import { HeroView } from '../../ui/HeroView.tsx';

export function Hero() {
  const { heroTitle, heroText } = useStrings();
  const { locale } = useLocale();
  const target = useTarget(useChat((state) => state.model));
  return <HeroView title={heroTitle(target ? languageName(target, locale) : '…')} text={heroText} />;
}
