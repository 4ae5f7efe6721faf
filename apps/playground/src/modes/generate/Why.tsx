// The views that show how a generated text came about.
'use client';
import type { Version } from '../../chat/conversations.ts';
import type { Change } from '../../ui/AnswerView.tsx';
import { attentionView } from '../../ui/AttentionView.tsx';
import { RequestView } from '../../ui/RequestView.tsx';
import { WhyPanel, type WhyView } from '../../ui/WhyPanel.tsx';
import { generateContract } from './contract.ts';
import { NextTokens } from './NextTokens.tsx';
import { generateStrings } from './strings.ts';

const views: readonly WhyView[] = [
  { id: 'tokens', label: (_, locale) => generateStrings[locale].nextTokens, View: NextTokens },
  { id: 'attention', label: (strings) => strings.attention, View: attentionView(generateContract.id) },
  { id: 'request', label: (strings) => strings.request, View: RequestView },
];

export function Why(props: { version: Version; onAgain(change: Change): void }) {
  return <WhyPanel {...props} views={views} initial="tokens" lines={1} />;
}
