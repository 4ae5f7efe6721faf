// The views that show how a generated text came about.
'use client';
import type { Version } from '../../chat/conversations.ts';
import type { Change } from '../../ui/AnswerView.tsx';
import { attentionView } from '../../ui/AttentionView.tsx';
import { RequestView } from '../../ui/RequestView.tsx';
import { WhyPanel, type WhyView } from '../../ui/WhyPanel.tsx';
import { NextTokens } from './NextTokens.tsx';

const views: readonly WhyView[] = [
  { id: 'tokens', label: (strings) => strings.nextTokens, View: NextTokens },
  { id: 'attention', label: (strings) => strings.attention, View: attentionView('generate') },
  { id: 'request', label: (strings) => strings.request, View: RequestView },
];

export function Why(props: { version: Version; onAgain(change: Change): void }) {
  return <WhyPanel {...props} views={views} initial="tokens" lines={1} />;
}
