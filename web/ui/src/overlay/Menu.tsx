import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { IconButton } from '../controls/Button.tsx';
import { Icon, type IconName } from '../controls/Icon.tsx';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  /** A line above this item. */
  readonly separated?: boolean;
  readonly onSelect: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly icon?: IconName;
  /** A visible caption makes it a text button. */
  readonly caption?: ReactNode;
  readonly align?: 'start' | 'end';
}

/** The menu button of the ARIA practices: arrows move, letters jump, Escape and Tab close. */
export function Menu({ label, items, icon = 'more', caption, align = 'end' }: MenuProps) {
  const [open, setOpen] = useState(false);
  const [upward, setUpward] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (!open || !list.current) return;
    const box = list.current.getBoundingClientRect();
    const room = root.current?.getBoundingClientRect();
    setUpward(box.bottom > window.innerHeight && (room?.top ?? 0) > box.height);
    enabledItems(list.current)[0]?.focus();
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    window.addEventListener('pointerdown', outside);
    return () => window.removeEventListener('pointerdown', outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab') {
      setOpen(false);
      return;
    }
    const target = event.key === 'Escape' ? null : itemFor(event.key, list.current);
    if (event.key === 'Escape') close();
    else if (target) target.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const trigger = {
    'aria-haspopup': 'menu',
    'aria-expanded': open,
    'aria-controls': open ? id : undefined,
    onClick: () => setOpen(!open),
  } as const;

  return (
    <div className="menu" ref={root}>
      {caption ? (
        <button {...trigger} type="button" className="button" data-look="quiet" aria-label={label}>
          {caption}
          <Icon name="chevron" size={14} />
        </button>
      ) : (
        <IconButton {...trigger} icon={icon} label={label} />
      )}
      {open && (
        <div
          className="menu-list"
          ref={list}
          id={id}
          role="menu"
          aria-label={label}
          tabIndex={-1}
          data-align={align}
          data-upward={upward || undefined}
          onKeyDown={onKeyDown}
        >
          {items.map((item) => (
            // The state is set only together with the role that has it.
            <button
              key={item.id}
              type="button"
              tabIndex={-1}
              role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.checked}
              aria-disabled={item.disabled || undefined}
              data-danger={item.danger || undefined}
              data-separated={item.separated || undefined}
              onClick={() => {
                if (item.disabled) return;
                close();
                item.onSelect();
              }}
            >
              <span className="menu-icon">
                {item.checked ? <Icon name="check" size={16} /> : item.icon && <Icon name={item.icon} size={16} />}
              </span>
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function enabledItems(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
}

function itemFor(key: string, list: HTMLElement | null): HTMLElement | undefined {
  const items = enabledItems(list);
  const at = items.indexOf(document.activeElement as HTMLElement);
  if (key === 'ArrowDown') return items[(at + 1) % items.length];
  if (key === 'ArrowUp') return items[(at - 1 + items.length) % items.length];
  if (key === 'Home') return items[0];
  if (key === 'End') return items.at(-1);
  if (key.length !== 1 || key === ' ') return undefined;
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return after.find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(key.toLocaleLowerCase()));
}
