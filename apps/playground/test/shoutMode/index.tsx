// The page of the toy mode.
import type { Version } from '../../src/chat/conversations.ts';
import type { AnswerProps, ChatMode } from '../../src/modes/mode.ts';
import { AnswerView, type Change } from '../../src/ui/AnswerView.tsx';
import { HeroView } from '../../src/ui/HeroView.tsx';
import { RequestView } from '../../src/ui/RequestView.tsx';
import { WhyPanel, type WhyView } from '../../src/ui/WhyPanel.tsx';
import { shoutContract } from './contract.ts';
import { shoutStrings, useShoutStrings } from './strings.ts';

function Hero() {
  const { heroTitle, heroText } = useShoutStrings();
  return <HeroView title={heroTitle} text={heroText} />;
}

const views: readonly WhyView[] = [{ id: 'request', label: (strings) => strings.request, View: RequestView }];

function Why(props: { version: Version; onAgain(change: Change): void }) {
  return <WhyPanel {...props} views={views} initial="request" lines={1} />;
}

function Answer(props: AnswerProps) {
  const { answer, working } = useShoutStrings();
  return <AnswerView {...props} name={answer} textLang="en" lang="en" working={working} Why={Why} />;
}

export const shoutMode: ChatMode = {
  ...shoutContract,
  kind: 'chat',
  label: (locale) => shoutStrings[locale].label,
  examples: ['good morning'],
  words: (locale) => shoutStrings[locale],
  textLanguage: () => 'en',
  answerLanguage: () => 'en',
  Hero,
  Answer,
};
