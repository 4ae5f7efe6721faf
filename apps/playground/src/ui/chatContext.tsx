// Connects React to the chat store.
'use client';
import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { fetchModels, streamAnswer } from '../chat/client.ts';
import type { ModelCard } from '../api/types.ts';
import { ChatStore, initialState, type ChatState } from '../chat/store.ts';
import { browserStorage } from '../chat/browserStorage.ts';

const ChatContext = createContext<ChatStore | undefined>(undefined);

/** Makes one store for the page and starts it in the browser. */
export function ChatProvider({ modes, children }: { modes: readonly string[]; children: ReactNode }) {
  const [store] = useState(
    () => new ChatStore({ storage: browserStorage, stream: streamAnswer, fetchModels, modes }),
  );
  useEffect(() => store.start(), [store]);
  return <ChatContext value={store}>{children}</ChatContext>;
}

/** The store, for its actions. */
export function useChatStore(): ChatStore {
  const store = useContext(ChatContext);
  if (!store)
    throw new Error('useChatStore: there is no ChatProvider above, got undefined; wrap the page in one');
  return store;
}

/** What is known of a model by its id. */
export function useModelCard(model: string): ModelCard | undefined {
  return useChat((state) => state.models.list?.models.find(({ id }) => id === model));
}

/** The installed models for a task, undefined until they are known. */
export function useModels(task: string): ModelCard[] | undefined {
  const models = useChat((state) => state.models.list?.models);
  return useMemo(() => models?.filter((card) => card.task === task), [models, task]);
}

/** A part of the state; `select` must give back a part, not a new object. */
export function useChat<T>(select: (state: ChatState) => T): T {
  const store = useChatStore();
  return useSyncExternalStore(
    store.subscribe,
    () => select(store.getState()),
    () => select(initialState),
  );
}
