// Short messages at the top that go by themselves, and are announced.
'use client';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';

const ShowContext = createContext<(message: string) => void>(() => {});
const MessageContext = createContext('');

/** Shows one message at a time. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState('');
  useEffect(() => {
    if (message === '') return;
    const timer = setTimeout(() => setMessage(''), 2600);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <ShowContext value={setMessage}>
      <MessageContext value={message}>
        {children}
        <Toasts />
      </MessageContext>
    </ShowContext>
  );
}

/** Where messages appear: on the page and in each dialog, which covers the page. */
export function Toasts() {
  const message = useContext(MessageContext);
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 top-16 z-30 flex justify-center px-4">
      {message && (
        <p className="rounded-2xl bg-text px-4 py-2 text-sm text-bg shadow-panel rise">{message}</p>
      )}
    </div>
  );
}

/** A function that shows a message. */
export const useToast = () => useContext(ShowContext);
