// The n-best list: every finished hypothesis with its scores.
'use client';
import { isPending } from '../../../chat/conversations.ts';
import { useStrings } from '../../../i18n/Strings.tsx';
import { Note, type WhyProps } from '../../../ui/WhyPanel.tsx';
import { useTarget } from '../languages.ts';
import { useTranslateStrings } from '../strings.ts';

export function Candidates({ version, line }: WhyProps) {
  const lang = useTarget(version.model);
  const shared = useStrings();
  const strings = useTranslateStrings();
  const { result } = line;
  if (!result) return <Note>{isPending(version) ? strings.working : shared.stopped}</Note>;
  const all = [result, ...result.alternatives];
  return (
    <>
      <Note>{version.settings.strategy === 'beam' ? strings.candidatesText : strings.candidatesNone}</Note>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={strings.candidates}>
        <table className="w-full text-sm">
          <thead className="text-left text-xs text-muted">
            <tr>
              <th scope="col" className="py-1 pr-3 font-medium">
                #
              </th>
              <th scope="col" className="py-1 pr-3 font-medium">
                {strings.answer}
              </th>
              <th scope="col" className="py-1 pl-3 text-right font-medium">
                {strings.score}
              </th>
              <th scope="col" className="py-1 pl-3 text-right font-medium whitespace-nowrap">
                {strings.logProb}
              </th>
              <th scope="col" className="py-1 pl-3 text-right font-medium">
                {strings.length}
              </th>
            </tr>
          </thead>
          <tbody>
            {all.map((candidate, index) => (
              <tr key={index} className="border-t border-line align-baseline">
                <td className="py-1.5 pr-3 text-muted tabular-nums">{index + 1}</td>
                <td className="min-w-44 py-1.5 pr-3" lang={lang}>
                  {candidate.text}
                </td>
                <td className="py-1.5 pl-3 text-right tabular-nums">{candidate.score.toFixed(3)}</td>
                <td className="py-1.5 pl-3 text-right tabular-nums">{candidate.logProb.toFixed(3)}</td>
                <td className="py-1.5 pl-3 text-right tabular-nums">{candidate.tokens.length}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
