// The beam tree: every hypothesis at every step, growing as the search goes; pressing a token forces it.
'use client';
import { useEffect, useRef, useState } from 'react';
import { isPending } from '../../../chat/conversations.ts';
import { useStrings } from '../../../i18n/Strings.tsx';
import { CheckBox } from '../../../ui/CheckBox.tsx';
import { formatProbability, visiblePiece } from '../../../ui/format.ts';
import { GrowthControls, useGrowth } from './growth.tsx';
import { layOutTree, type PlacedNode } from './treeLayout.ts';
import { Note, type WhyProps } from '../../../ui/WhyPanel.tsx';
import { useTarget } from '../languages.ts';
import { useTranslateStrings } from '../strings.ts';

const columnWidth = 116;
const rowHeight = 34;
const nodeWidth = 92;
const nodeHeight = 26;

export function BeamTree({ version, line, onAgain }: WhyProps) {
  const lang = useTarget(version.model);
  const shared = useStrings();
  const strings = useTranslateStrings();
  const [showPruned, setShowPruned] = useState(true);
  const { steps, result } = line;
  const growth = useGrowth(version.id, steps.length);
  const scroller = useRef<HTMLDivElement>(null);
  const { shown, followed } = growth;
  // A forced beginning stays where it was pressed.
  const following = followed || (isPending(version) && version.prefix.length === 0);
  useEffect(() => {
    const element = scroller.current;
    if (!element || !following) return;
    const right = shown * columnWidth;
    const seen =
      element.scrollLeft + columnWidth <= right && right <= element.scrollLeft + element.clientWidth;
    if (!seen) element.scrollLeft = right - element.clientWidth;
  }, [shown, following]);
  if (steps.length === 0) {
    const lost = version.settings.strategy === 'beam' && result !== undefined;
    return <Note>{isPending(version) ? strings.working : lost ? shared.notKept : strings.beamTreeNone}</Note>;
  }
  const answer = result?.tokens.map(({ id }) => id) ?? [];
  const all = layOutTree(steps, answer, showPruned);
  const nodes = shown === steps.length ? all : layOutTree(steps.slice(0, shown), answer, showPruned);
  const width = steps.length * columnWidth;
  const height = Math.max(...all.map(({ row }) => row + 1)) * rowHeight;
  const forced = version.prefix.join('.');
  return (
    <>
      <Note>{strings.beamTreeText}</Note>
      <div className="mb-3 flex flex-wrap items-center gap-x-5 gap-y-2 text-sm">
        <CheckBox label={strings.showPruned} checked={showPruned} onChange={setShowPruned} />
        <GrowthControls {...growth} total={steps.length} />
      </div>
      <div
        ref={scroller}
        className="-m-1 overflow-x-auto p-1 pb-2 scroll-thin"
        role="group"
        aria-label={strings.beamTree}
      >
        <div className="relative" lang={lang} style={{ width, height }}>
          <svg width={width} height={height} className="absolute inset-0" aria-hidden="true">
            {nodes.map((placed) =>
              placed.from === null ? null : (
                <Edge key={keyOf(placed)} from={nodes[placed.from]!} to={placed} />
              ),
            )}
          </svg>
          {nodes.map((placed) => (
            <TreeNode
              key={keyOf(placed)}
              placed={placed}
              forced={placed.path.join('.') === forced}
              onForce={() => onAgain({ prefix: placed.path })}
            />
          ))}
        </div>
      </div>
    </>
  );
}

const keyOf = ({ step, path }: PlacedNode) => `${step}.${path.join('.')}`;

function Edge({ from, to }: { from: PlacedNode; to: PlacedNode }) {
  const x1 = from.step * columnWidth + nodeWidth;
  const y1 = from.row * rowHeight + nodeHeight / 2;
  const x2 = to.step * columnWidth;
  const y2 = to.row * rowHeight + nodeHeight / 2;
  const middle = (x1 + x2) / 2;
  return (
    <path
      d={`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`}
      fill="none"
      stroke={to.best ? 'var(--accent)' : 'var(--line)'}
      strokeWidth={to.best ? 2 : 1.25}
      strokeDasharray={to.state === 'pruned' ? '3 3' : undefined}
    />
  );
}

const looks = {
  kept: 'border-line bg-bg hover:border-accent',
  finished: 'border-accent bg-accent-soft',
  pruned: 'border-dashed border-line bg-transparent text-muted hover:border-accent',
} as const;

interface TreeNodeProps {
  placed: PlacedNode;
  /** Whether it is where a forced beginning ends. */
  forced: boolean;
  onForce(): void;
}

function TreeNode({ placed, forced, onForce }: TreeNodeProps) {
  const shared = useStrings();
  const strings = useTranslateStrings();
  const { node } = placed;
  const text = node.text === '' ? shared.endOfSentence : visiblePiece(node.text);
  const about = `${text} ${formatProbability(node.logProb)}, Σ ${node.total.toFixed(2)}, ${strings[placed.state]}`;
  return (
    <button
      type="button"
      title={about}
      onClick={onForce}
      data-state={placed.state}
      data-return={forced || undefined}
      className={`absolute flex items-center justify-between gap-1 rounded-md border px-1.5 text-xs ${placed.best ? 'border-accent bg-accent-soft font-medium' : looks[placed.state]}`}
      style={{
        left: placed.step * columnWidth,
        top: placed.row * rowHeight,
        width: nodeWidth,
        height: nodeHeight,
      }}
    >
      <span className="min-w-0 truncate">{text}</span>
      <span className="shrink-0 text-[0.625rem] text-muted tabular-nums">
        {formatProbability(node.logProb)}
      </span>
      <span className="sr-only">
        , Σ {node.total.toFixed(2)}, {strings[placed.state]}. {strings.forceToken(text)}
      </span>
    </button>
  );
}
