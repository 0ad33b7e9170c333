import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useI18n } from '../i18n/I18n.tsx';
import { KeyboardHelp } from './KeyboardHelp.tsx';
import { type Binding, isTypingTarget, KeyReader } from './keymap.ts';
import { Palette } from './Palette.tsx';

interface Keyboard {
  readonly register: (bindings: readonly Binding[]) => () => void;
  readonly openHelp: () => void;
  readonly openPalette: () => void;
  readonly singleKeys: boolean;
  readonly setSingleKeys: (on: boolean) => void;
}

const Context = createContext<Keyboard | null>(null);
const storageKey = 'slipway.singleKeys';

export function KeyboardProvider({ children }: { readonly children: ReactNode }) {
  const { t } = useI18n();
  const sets = useRef(new Set<readonly Binding[]>());
  const reader = useRef(new KeyReader());
  const [open, setOpen] = useState<'help' | 'palette' | null>(null);
  const [shown, setShown] = useState<readonly Binding[]>([]);
  const [singleKeys, setSingleState] = useState(() => readFlag());

  const register = useCallback((bindings: readonly Binding[]) => {
    sets.current.add(bindings);
    return () => {
      sets.current.delete(bindings);
    };
  }, []);

  const own = useMemo<readonly Binding[]>(
    () => [
      { id: 'ui.help', keys: '?', label: t('ui.keys.help'), group: t('ui.keys.group.general'), run: () => setOpen('help') },
      {
        id: 'ui.palette',
        keys: 'mod+k',
        label: t('ui.keys.palette'),
        group: t('ui.keys.group.general'),
        run: () => setOpen('palette'),
        whileTyping: true,
        inPalette: false,
      },
    ],
    [t],
  );

  // The last set registered is asked first: an open editor may give Escape its own meaning.
  const collect = useCallback(() => [...[...sets.current].reverse().flat(), ...own], [own]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
      const match = reader.current.read(event, collect(), event.timeStamp, { typing: isTypingTarget(event.target), singleKeys });
      if (match.kind === 'none') return;
      event.preventDefault();
      if (match.kind === 'run') match.binding.run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [collect, singleKeys]);

  useEffect(() => {
    if (open) setShown(collect());
  }, [open, collect]);

  const value = useMemo<Keyboard>(
    () => ({
      register,
      openHelp: () => setOpen('help'),
      openPalette: () => setOpen('palette'),
      singleKeys,
      setSingleKeys: (on) => {
        writeFlag(on);
        setSingleState(on);
      },
    }),
    [register, singleKeys],
  );

  return (
    <Context value={value}>
      {children}
      <KeyboardHelp open={open === 'help'} bindings={shown} onClose={() => setOpen(null)} />
      <Palette open={open === 'palette'} bindings={shown} onClose={() => setOpen(null)} />
    </Context>
  );
}

export function useKeyboard(): Keyboard {
  const value = useContext(Context);
  if (!value) throw new Error('useKeyboard needs a KeyboardProvider above it');
  return value;
}

/** Offers these keys while the calling component is on the page. */
export function useBindings(bindings: readonly Binding[]): void {
  const { register } = useKeyboard();
  useEffect(() => register(bindings), [register, bindings]);
}

function readFlag(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

function writeFlag(on: boolean): void {
  try {
    localStorage.setItem(storageKey, on ? 'on' : 'off');
  } catch {
    // Without storage the choice holds for this visit.
  }
}
