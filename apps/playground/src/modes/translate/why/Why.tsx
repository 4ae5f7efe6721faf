// The views that show how a translation came about.
'use client';
import type { Version } from '../../../chat/conversations.ts';
import type { Change } from '../../../ui/AnswerView.tsx';
import { WhyPanel, type WhyView } from '../../../ui/WhyPanel.tsx';
import { attentionView } from '../../../ui/AttentionView.tsx';
import { translateContract } from '../contract.ts';
import { translateStrings } from '../strings.ts';
import { BeamTree } from './BeamTree.tsx';
import { Candidates } from './Candidates.tsx';
import { Compare } from './Compare.tsx';
import { Probabilities } from './Probabilities.tsx';
import { RequestView } from '../../../ui/RequestView.tsx';
import { Score } from './Score.tsx';

const views: readonly WhyView[] = [
  { id: 'candidates', label: (_, locale) => translateStrings[locale].candidates, View: Candidates },
  { id: 'attention', label: (strings) => strings.attention, View: attentionView(translateContract.id, true) },
  { id: 'tree', label: (_, locale) => translateStrings[locale].beamTree, View: BeamTree },
  { id: 'probabilities', label: (_, locale) => translateStrings[locale].probabilities, View: Probabilities },
  { id: 'score', label: (_, locale) => translateStrings[locale].scoreTab, View: Score },
  { id: 'compare', label: (_, locale) => translateStrings[locale].compare, View: Compare },
  { id: 'request', label: (strings) => strings.request, View: RequestView },
];

export function Why(props: { version: Version; onAgain(change: Change): void }) {
  const { source, settings } = props.version;
  return (
    <WhyPanel
      {...props}
      views={views}
      initial={settings.strategy === 'beam' ? 'candidates' : 'probabilities'}
      lines={source.split('\n').length}
    />
  );
}
