// The empty page of the translate mode.
'use client';
import { languageName } from '../../i18n/languageName.ts';
import { useLocale } from '../../i18n/Strings.tsx';
import { useChat, useModelCard } from '../../ui/chatContext.tsx';
import { HeroView } from '../../ui/HeroView.tsx';
import { sourceName, targetOf } from './languages.ts';
import { useTranslateStrings } from './strings.ts';

export function Hero() {
  const { heroTitle, heroText } = useTranslateStrings();
  const { locale } = useLocale();
  const model = useModelCard(useChat((state) => state.model));
  const target = targetOf(model);
  return (
    <HeroView
      title={heroTitle(target ? languageName(target, locale) : '…')}
      text={heroText(sourceName(model, locale))}
    />
  );
}
