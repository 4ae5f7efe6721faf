// A modal on the browser's own dialog element: focus is trapped, Esc and a press outside close it.
'use client';
import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useStrings } from '../i18n/Strings.tsx';
import { IconButton } from './buttons.tsx';
import { Toasts } from './Toast.tsx';

const places = {
  center: 'm-auto w-[min(32rem,calc(100vw-2rem))] max-h-[85dvh] rounded-2xl',
  /** From the bottom on a phone, at the right elsewhere. */
  sheet:
    'mt-auto mb-0 mx-0 w-full max-w-full max-h-[85dvh] rounded-t-2xl sm:my-0 sm:ml-auto sm:mr-0 sm:h-dvh sm:max-h-dvh sm:w-96 sm:rounded-none sm:rounded-l-2xl',
  drawer: 'my-0 ml-0 mr-auto h-dvh max-h-dvh w-[min(20rem,85vw)] rounded-r-2xl',
  top: 'mx-auto mt-[12vh] mb-auto w-[min(36rem,calc(100vw-2rem))] max-h-[70dvh] rounded-2xl',
} as const;

export interface DialogProps {
  open: boolean;
  onClose(): void;
  title: string;
  place?: keyof typeof places;
  /** Leaves the visible heading out; the title still names the dialog. */
  bare?: boolean;
  children: ReactNode;
}

/** Shows its children in a modal while `open`. */
export function Dialog({ open, onClose, title, place = 'center', bare = false, children }: DialogProps) {
  const strings = useStrings();
  const ref = useRef<HTMLDialogElement>(null);
  const headingId = useId();
  // Whichever closes does so first, so that one that opens instead returns the focus to where that one found it.
  useLayoutEffect(() => {
    if (!open && ref.current!.open) ref.current!.close();
  }, [open]);
  useEffect(() => {
    if (open && !ref.current!.open) ref.current!.showModal();
  }, [open]);
  return (
    <dialog
      ref={ref}
      aria-labelledby={bare ? undefined : headingId}
      aria-label={bare ? title : undefined}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
      className={`overflow-hidden border open:flex open:flex-col border-line bg-surface p-0 shadow-panel ${places[place]}`}
    >
      {open && (
        <div className="flex min-h-0 flex-1 flex-col rise">
          {!bare && (
            <header className="flex items-center justify-between gap-2 border-b border-line py-2 pr-2 pl-5">
              <h2 id={headingId} className="text-base font-semibold">
                {title}
              </h2>
              <IconButton icon="close" label={strings.close} onClick={onClose} />
            </header>
          )}
          <div className="min-h-0 flex-1 overflow-y-auto scroll-thin">{children}</div>
          <Toasts />
        </div>
      )}
    </dialog>
  );
}
