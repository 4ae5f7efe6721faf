// What every view of the panel is given, and the sentence above or instead of a view.
import type { ReactNode } from 'react';
import type { Line, Version } from '../../../chat/conversations.ts';

export interface WhyProps {
  version: Version;
  line: Line;
  /** Decodes again with this beginning. */
  onForce(prefix: number[]): void;
}

export function Note({ children }: { children: ReactNode }) {
  return <p className="mb-3 text-sm text-muted">{children}</p>;
}
