// The beam tree: every hypothesis at every step, growing as the search goes; pressing a token forces it.
'use client';
import { useState } from 'react';
import { useStrings } from '../../../i18n/Strings.tsx';
import { CheckBox } from '../../../ui/CheckBox.tsx';
import { formatProbability, visiblePiece } from '../../../ui/format.ts';
import { layOutTree, type PlacedNode } from './treeLayout.ts';
import { useTarget } from '../../../ui/chatContext.tsx';
import { Note, type WhyProps } from '../../../ui/WhyPanel.tsx';

const columnWidth = 116;
const rowHeight = 34;
const nodeWidth = 92;
const nodeHeight = 26;

export function BeamTree({ version, line, onAgain }: WhyProps) {
  const lang = useTarget(version.model);
  const strings = useStrings();
  const [showPruned, setShowPruned] = useState(true);
  if (line.steps.length === 0) return <Note>{strings.beamTreeNone}</Note>;
  const nodes = layOutTree(line.steps, line.result?.tokens.map(({ id }) => id) ?? [], showPruned);
  const width = line.steps.length * columnWidth;
  const height = Math.max(...nodes.map(({ row }) => row + 1)) * rowHeight;
  return (
    <>
      <Note>{strings.beamTreeText}</Note>
      <CheckBox
        label={strings.showPruned}
        checked={showPruned}
        onChange={setShowPruned}
        className="mb-3 text-sm"
      />
      <div className="overflow-x-auto pb-2 scroll-thin" role="group" aria-label={strings.beamTree}>
        <div className="relative" lang={lang} style={{ width, height }}>
          <svg width={width} height={height} className="absolute inset-0" aria-hidden="true">
            {nodes.map((placed, index) =>
              placed.from === null ? null : <Edge key={index} from={nodes[placed.from]!} to={placed} />,
            )}
          </svg>
          {nodes.map((placed, index) => (
            <TreeNode key={index} placed={placed} onForce={() => onAgain({ prefix: placed.path })} />
          ))}
        </div>
      </div>
    </>
  );
}

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

function TreeNode({ placed, onForce }: { placed: PlacedNode; onForce(): void }) {
  const strings = useStrings();
  const { node } = placed;
  const text = node.text === '' ? strings.endOfSentence : visiblePiece(node.text);
  const about = `${text} ${formatProbability(node.logProb)}, Σ ${node.total.toFixed(2)}, ${strings[placed.state]}`;
  return (
    <button
      type="button"
      title={about}
      onClick={onForce}
      data-state={placed.state}
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
