// Which conversation is open, as the browser remembers it.
import type { KeyValueStore } from './history.ts';

/** Where the conversation that is open is remembered. */
export const activeKey = 'd2lts.active';

/** Makes the next start one without an open conversation. */
export const forgetActive = (store: KeyValueStore): void => store.removeItem(activeKey);
