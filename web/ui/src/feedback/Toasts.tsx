import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { announce } from '../announce/announcer.tsx';
import { Button, IconButton } from '../controls/Button.tsx';
import { useI18n } from '../i18n/I18n.tsx';
import { useBindings } from '../keyboard/Keyboard.tsx';

export interface Toast {
  readonly text: string;
  readonly tone?: 'plain' | 'danger';
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Whether ctrl/⌘ z presses the action. */
  readonly undoes?: boolean;
  /** Same key replaces: ten completions in a row leave one message. */
  readonly key?: string;
  readonly seconds?: number;
}

interface Shown extends Toast {
  readonly id: number;
}

interface Toasts {
  readonly show: (toast: Toast) => void;
  readonly dismiss: () => void;
}

const Context = createContext<Toasts | null>(null);

/** More than this many messages say nothing; the oldest make room. */
const shownMax = 3;

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const { t } = useI18n();
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const nextId = useRef(1);
  const remove = useCallback((id: number) => setShown((all) => all.filter((toast) => toast.id !== id)), []);

  const value = useMemo<Toasts>(
    () => ({
      show: (toast) => {
        const id = nextId.current++;
        setShown((all) => [...all.filter((other) => !toast.key || other.key !== toast.key), { ...toast, id }].slice(-shownMax));
        announce(toast.text, toast.tone === 'danger' ? 'assertive' : 'polite');
      },
      dismiss: () => setShown([]),
    }),
    [],
  );

  // The newest undo is one stroke away wherever focus is, so nobody has to hunt for the message in ten seconds.
  const undoable = shown.findLast((toast) => toast.action && toast.undoes !== false);
  const bindings = useMemo(
    () => [
      {
        id: 'ui.undo',
        keys: 'mod+z',
        label: t('ui.action.undo'),
        group: t('ui.keys.group.general'),
        enabled: undoable !== undefined,
        run: () => {
          if (!undoable) return;
          remove(undoable.id);
          undoable.action?.run();
        },
      },
    ],
    [t, undoable, remove],
  );
  useBindings(bindings);

  return (
    <Context value={value}>
      {children}
      <section className="toasts" aria-label={t('ui.toast.region')}>
        {shown.map((toast) => (
          <ToastLine key={toast.id} toast={toast} onRemove={() => remove(toast.id)} />
        ))}
      </section>
    </Context>
  );
}

export function useToasts(): Toasts {
  const value = useContext(Context);
  if (!value) throw new Error('useToasts needs a ToastProvider above it');
  return value;
}

/** Its time stands still while the pointer or focus is on it: nobody loses an undo by reading slowly. */
function ToastLine({ toast, onRemove }: { readonly toast: Shown; readonly onRemove: () => void }) {
  const { t } = useI18n();
  const [held, setHeld] = useState(false);
  const removeRef = useRef(onRemove);
  removeRef.current = onRemove;
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => removeRef.current(), (toast.seconds ?? 10) * 1000);
    return () => clearTimeout(timer);
  }, [held, toast.seconds]);
  return (
    // The handlers only stop the clock; what can be pressed are the buttons inside.
    <div
      className="toast"
      data-tone={toast.tone ?? 'plain'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {toast.action && (
        <Button
          look="quiet"
          onClick={() => {
            onRemove();
            toast.action?.run();
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton icon="close" label={t('ui.action.dismiss')} onClick={onRemove} />
    </div>
  );
}
