import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react';
import { announce } from '../announce/announcer.tsx';
import { useI18n } from '../i18n/I18n.tsx';
import { Dialog } from '../overlay/Dialog.tsx';
import { Keys } from './Keys.tsx';
import type { Binding } from './keymap.ts';

interface PaletteProps {
  readonly open: boolean;
  readonly bindings: readonly Binding[];
  readonly onClose: () => void;
}

export function Palette({ open, bindings, onClose }: PaletteProps) {
  const { t } = useI18n();
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(() => searchCommands(bindings, query), [bindings, query]);

  useEffect(() => {
    if (open) {
      setQuery('');
      setActive(0);
    }
  }, [open]);

  useEffect(() => {
    if (open) announce(t('ui.palette.count', { count: found.length }));
  }, [open, found.length, t]);

  const run = (binding: Binding | undefined) => {
    if (!binding) return;
    onClose();
    // The dialog gives focus back first, so that a command that moves focus has the last word.
    queueMicrotask(binding.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setActive((active + step + found.length) % Math.max(found.length, 1));
    else if (event.key === 'Enter') run(found[active]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog open={open} onClose={onClose} title={t('ui.palette.title')} size="palette" plain>
      <input
        className="palette-input"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found[active] ? `${id}-${active}` : undefined}
        aria-label={t('ui.palette.search')}
        placeholder={t('ui.palette.search')}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" role="listbox" id={`${id}-list`} aria-label={t('ui.palette.title')}>
        {found.map((binding, index) => (
          // The input owns the keyboard, as a combobox does.
          <div
            key={binding.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onClick={() => run(binding)}
            onPointerMove={() => setActive(index)}
          >
            <span className="palette-label">{binding.label}</span>
            <span className="palette-group">{binding.group}</span>
            {binding.keys && <Keys keys={binding.keys} />}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="palette-none">{t('ui.palette.none', { query })}</p>}
    </Dialog>
  );
}

/** Words in any order, each the beginning of some word of the command. */
export function searchCommands(bindings: readonly Binding[], query: string): readonly Binding[] {
  const offered = bindings.filter((binding) => binding.inPalette !== false && binding.enabled !== false);
  const wanted = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return offered.filter((binding) => {
    const words = `${binding.label} ${binding.group}`.toLocaleLowerCase().split(/[\s–—:,/]+/);
    return wanted.every((part) => words.some((word) => word.startsWith(part)));
  });
}
