// The whole page: conversations at the side, the thread in the middle, the text box below.
'use client';
import { Suspense, useEffect, useRef, useState } from 'react';
import { createVersion, isPending } from '../chat/conversations.ts';
import type { Task } from '../api/types.ts';
import { decodeShare } from '../chat/share.ts';
import type { Locale } from '../i18n/locale.ts';
import { StringsProvider, useStrings } from '../i18n/Strings.tsx';
import { hasSettings } from '../modes/contract.ts';
import { modes } from '../modes/index.ts';
import { ChatProvider, useChat, useChatStore } from './chatContext.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { Composer } from './Composer.tsx';
import { Dialog } from './Dialog.tsx';
import { Header } from './Header.tsx';
import type { Theme } from './preferences.ts';
import { ModelPicker } from './ModelPicker.tsx';
import { SettingsSheet } from './SettingsSheet.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { Sidebar } from './Sidebar.tsx';
import { ThemeProvider } from './Theme.tsx';
import { Thread } from './Thread.tsx';
import { ToastProvider } from './Toast.tsx';
import { useKeptFocus } from './useKeptFocus.ts';
import { useShortcuts } from './useShortcuts.ts';

/** What can be open over the page. */
export type Panel = 'none' | 'sidebar' | 'settings' | 'models' | 'palette' | 'shortcuts';

/** The page, with what the server knows of the visitor. */
export function Playground({ locale, theme }: { locale: Locale; theme: Theme }) {
  return (
    <StringsProvider initial={locale}>
      <ChatProvider modes={modes.map(({ id }) => id)}>
        <ThemeProvider initial={theme}>
          <ToastProvider>
            <Page />
          </ToastProvider>
        </ThemeProvider>
      </ChatProvider>
    </StringsProvider>
  );
}

function Page() {
  const strings = useStrings();
  const store = useChatStore();
  const conversation = useChat((state) => state.conversations.find(({ id }) => id === state.activeId));
  const shown = useChat((state) => state.mode);
  const mode = modes.find(({ id }) => id === shown) ?? modes[0]!;
  const [panel, setPanel] = useState<Panel>('none');
  const [sidebar, setSidebar] = useState(true);
  const [draft, setDraft] = useState('');
  const [editing, setEditing] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const main = useRef<HTMLElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const side = useRef<HTMLElement>(null);
  /** Counts what ends in the text box, or where there is none on the page: once it is drawn and no dialog is open. */
  const [landings, setLandings] = useState(0);
  useEffect(() => {
    if (landings > 0) (box.current ?? main.current!).focus();
  }, [landings]);
  const land = () => setLandings((count) => count + 1);
  useKeptFocus(root);
  /** Closes a panel, unless another one has taken its place meanwhile. */
  const close = (which: Panel) => () => setPanel((current) => (current === which ? 'none' : current));
  const wide = () => matchMedia('(min-width: 64rem)').matches;

  const openConversation = (id: string | null) => {
    if (id === null && mode.kind === 'page') store.setMode(modes[0]!.id);
    else store.select(id);
    setEditing(null);
    setDraft('');
    if (panel === 'sidebar' || panel === 'palette') setPanel('none');
    land();
  };
  const changeMode = (next: string) => {
    if (next === mode.id) return;
    openConversation(null);
    store.setMode(next);
  };
  const toggleSidebar = () => {
    if (wide()) {
      if (sidebar && side.current!.contains(document.activeElement)) land();
      setSidebar(!sidebar);
    } else setPanel((current) => (current === 'sidebar' ? 'none' : 'sidebar'));
  };
  const edit = (turnId: string) => {
    const turn = conversation?.turns.find(({ id }) => id === turnId);
    if (!turn) return;
    setEditing(turnId);
    setDraft(turn.versions[turn.current]!.source);
    box.current?.focus();
  };
  const cancelEdit = () => {
    setEditing(null);
    setDraft('');
    box.current?.focus();
  };
  const send = (task: Task, text: string) => {
    const { model, settings } = store.getState();
    if (editing && conversation)
      store.addVersion(conversation.id, editing, createVersion(text, model, settings));
    else store.send(task, text);
    setEditing(null);
    setDraft('');
  };
  const pending = conversation?.turns.some((turn) => turn.versions.some(isPending)) ?? false;

  useShortcuts({
    onPalette: () => setPanel((current) => (current === 'palette' ? 'none' : 'palette')),
    onSidebar: toggleSidebar,
    onHelp: () => setPanel('shortcuts'),
    onEscape: () => {
      if (panel !== 'none') return; // the dialog closes itself
      if (pending) store.stop();
      else if (editing) cancelEdit();
    },
  });

  useSharedLink(() => {
    setPanel('none');
    setEditing(null);
  });

  return (
    <div ref={root} className="flex h-dvh">
      <a
        href={mode.kind === 'chat' ? '#text' : '#main'}
        onClick={(event) => {
          event.preventDefault();
          (box.current ?? main.current)?.focus();
        }}
        className="absolute -top-20 left-4 z-20 rounded-lg bg-accent px-4 py-2 text-on-accent focus:top-3"
      >
        {mode.kind === 'chat' ? strings.skipToText : strings.skipToPage}
      </a>
      {sidebar && (
        <nav
          ref={side}
          aria-label={strings.conversations}
          className="hidden w-72 shrink-0 border-r border-line bg-surface lg:block"
        >
          <Sidebar onOpen={openConversation} />
        </nav>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <Header
          mode={mode.id}
          onMode={changeMode}
          onMenu={toggleSidebar}
          onPanel={setPanel}
          onNew={() => openConversation(null)}
          sidebarShown={sidebar}
        />
        <main id="main" ref={main} tabIndex={-1} className="flex min-h-0 flex-1 flex-col -outline-offset-2">
          {mode.kind === 'page' ? (
            <Suspense>
              <mode.Page />
            </Suspense>
          ) : (
            <>
              <Thread
                mode={mode}
                conversation={conversation}
                onExample={(text) => send(mode.id, text)}
                onEdit={edit}
              />
              <Composer
                mode={mode}
                ref={box}
                draft={draft}
                onDraft={setDraft}
                editing={editing !== null}
                onCancelEdit={cancelEdit}
                onSend={(text) => send(mode.id, text)}
                onEditLast={() => conversation && edit(conversation.turns.at(-1)!.id)}
                onPanel={setPanel}
                pending={pending}
              />
            </>
          )}
        </main>
      </div>

      <Dialog
        open={panel === 'sidebar'}
        onClose={close('sidebar')}
        title={strings.conversations}
        place="drawer"
        bare
      >
        <Sidebar onOpen={openConversation} />
      </Dialog>
      <Dialog open={panel === 'settings'} onClose={close('settings')} title={strings.decoding} place="sheet">
        {mode.kind === 'chat' && <SettingsSheet mode={mode} source={lastSource(conversation)} />}
      </Dialog>
      <Dialog open={panel === 'models'} onClose={close('models')} title={strings.model}>
        <ModelPicker onChosen={close('models')} />
      </Dialog>
      <Dialog open={panel === 'shortcuts'} onClose={close('shortcuts')} title={strings.shortcuts}>
        <ShortcutSheet />
      </Dialog>
      <Dialog open={panel === 'palette'} onClose={close('palette')} title={strings.commands} place="top" bare>
        <CommandPalette
          onClose={close('palette')}
          onOpen={openConversation}
          onMode={changeMode}
          onPanel={setPanel}
          onSidebar={toggleSidebar}
          chat={mode.kind === 'chat'}
          decoding={mode.kind === 'chat' && hasSettings(mode)}
        />
      </Dialog>
    </div>
  );
}

function lastSource(
  conversation: { turns: { versions: { source: string }[]; current: number }[] } | undefined,
): string {
  const turn = conversation?.turns.at(-1);
  return turn?.versions[turn.current]?.source ?? '';
}

/** Runs what a share link holds: that of the page once the models are known, and any that is opened here later. */
function useSharedLink(onOpened: () => void): void {
  const store = useChatStore();
  const known = useChat((state) => state.models.status !== 'loading');
  const opened = useRef(onOpened);
  useEffect(() => {
    opened.current = onOpened;
  });
  useEffect(() => {
    if (!known) return;
    const open = () => {
      const shared = decodeShare(location.hash);
      if (!shared) return;
      history.replaceState(null, '', location.pathname);
      opened.current();
      const { mode, text, model, settings, prefix, prefixLine } = shared;
      store.setMode(mode);
      store.send(mode, text, { settings, prefix, prefixLine, ...(model ? { model } : {}) });
      // An earlier checkpoint is listed on request only, and has a name and a language too.
      const { list } = store.getState().models;
      if (model && !list?.models.some(({ id }) => id === model)) void store.loadModels(model);
    };
    open();
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, [known, store]);
}
