// Attention weights as a table of numbers.
'use client';
import { useStrings } from '../i18n/Strings.tsx';
import type { WeightProps } from './weights.ts';

export function WeightTable({ outputs, sources, weights }: WeightProps) {
  const strings = useStrings();
  return (
    <div className="overflow-x-auto scroll-thin" tabIndex={0} role="region" aria-label={strings.table}>
      <table className="text-xs tabular-nums">
        <thead>
          <tr>
            <td />
            {sources.map((source, column) => (
              <th key={column} scope="col" className="px-2 py-1 font-medium text-muted">
                {source}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {outputs.map((output, row) => (
            <tr key={row} className="border-t border-line">
              <th scope="row" className="px-2 py-1 text-right font-medium text-muted">
                {output}
              </th>
              {sources.map((_, column) => (
                <td key={column} className="px-2 py-1 text-right">
                  {weights[row]![column]!.toFixed(2)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
