// Components whose code is loaded after the page is drawn: what the first moment does not need does not delay it.
import { lazy, useState, type ComponentType } from 'react';

/**
 * A component that is loaded when the browser has nothing else to do, or when it is first drawn. Drawn before it is there,
 * it suspends; afterwards it is drawn at once.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  let loading: Promise<ComponentType<P>> | undefined;
  const start = () =>
    (loading ??= load().then(
      (component) => (loaded = component),
      (error: unknown) => {
        loading = undefined; // the next one tries again
        throw error;
      },
    ));
  const Waiting = lazy(async () => ({ default: await start() }));
  const ahead = () => void start().catch(() => {});
  if (typeof requestIdleCallback === 'function') requestIdleCallback(ahead);
  else if (typeof window !== 'undefined') setTimeout(ahead, 500);
  return function Later(props: P) {
    const [Component] = useState<ComponentType<P>>(() => loaded ?? Waiting);
    return <Component {...props} />;
  };
}
