// Short messages at the bottom that go by themselves, and are announced.
'use client';
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';

const ToastContext = createContext<(message: string) => void>(() => {});

/** Shows one message at a time. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState('');
  const show = useCallback((next: string) => setMessage(next), []);
  useEffect(() => {
    if (message === '') return;
    const timer = setTimeout(() => setMessage(''), 2600);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <ToastContext value={show}>
      {children}
      <div role="status" className="pointer-events-none fixed inset-x-0 top-16 z-30 flex justify-center px-4">
        {message && (
          <p className="rounded-full bg-text px-4 py-2 text-sm text-bg shadow-panel rise">{message}</p>
        )}
      </div>
    </ToastContext>
  );
}

/** A function that shows a message. */
export const useToast = () => useContext(ToastContext);
