/** `g i` is two keys after each other, `mod+k` is ctrl or ⌘ with k, `?` is what the layout produces, `Escape` is a named key. */
export interface Binding {
  readonly id: string;
  readonly keys: string;
  readonly label: string;
  readonly group: string;
  readonly run: () => void;
  /** Commands that make no sense right now are neither run nor offered. */
  readonly enabled?: boolean;
  /** Also while typing in a field; only sensible with a modifier or Escape. */
  readonly whileTyping?: boolean;
  /** Shown in the palette; false keeps movement keys out of it. */
  readonly inPalette?: boolean;
}

export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey?: boolean;
}

export type Match = { readonly kind: 'run'; readonly binding: Binding } | { readonly kind: 'wait' } | { readonly kind: 'none' };

const sequenceMs = 1200;

/** Decides what a key means; knows nothing of the page, so it can be tested by listing strokes. */
export class KeyReader {
  #pending = '';
  #pendingUntil = 0;

  read(stroke: Stroke, bindings: readonly Binding[], at: number, state: { typing: boolean; singleKeys: boolean }): Match {
    const name = strokeName(stroke);
    if (!name) return { kind: 'none' };
    const prefix = at <= this.#pendingUntil ? this.#pending : '';
    const usable = bindings.filter((binding) => isUsable(binding, state));
    for (const typed of prefix ? [`${prefix} ${name}`, name] : [name]) {
      const exact = usable.find((binding) => binding.keys === typed);
      if (exact) {
        this.#pending = '';
        return { kind: 'run', binding: exact };
      }
      if (usable.some((binding) => binding.keys.startsWith(`${typed} `))) {
        this.#pending = typed;
        this.#pendingUntil = at + sequenceMs;
        return { kind: 'wait' };
      }
    }
    this.#pending = '';
    return { kind: 'none' };
  }
}

function isUsable(binding: Binding, state: { typing: boolean; singleKeys: boolean }): boolean {
  if (binding.enabled === false) return false;
  if (state.typing && !binding.whileTyping) return false;
  return state.singleKeys || !isSingleKey(binding);
}

/** Keys that produce a character by themselves may be turned off (WCAG 2.1.4). */
export function isSingleKey(binding: Pick<Binding, 'keys'>): boolean {
  return binding.keys.split(' ').every((key) => key.length === 1);
}

export function strokeName(stroke: Stroke): string | null {
  if (['Control', 'Shift', 'Alt', 'Meta', 'Dead', 'Unidentified'].includes(stroke.key)) return null;
  const mod = stroke.ctrlKey || stroke.metaKey;
  const key = stroke.key.length === 1 ? (mod || stroke.altKey ? stroke.key.toLowerCase() : stroke.key) : stroke.key;
  const shift = stroke.shiftKey && (mod || stroke.key.length > 1) ? 'shift+' : '';
  return `${mod ? 'mod+' : ''}${stroke.altKey ? 'alt+' : ''}${shift}${key === ' ' ? 'Space' : key}`;
}

export function isTypingTarget(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  return !['checkbox', 'radio', 'button', 'submit', 'range', 'file', 'color'].includes(target.type);
}

/** For showing: `mod+k` → ['⌘ K'] or ['Ctrl K'], `g i` → ['g', 'i']. */
export function keyCaps(keys: string, mac: boolean): readonly string[] {
  return keys.split(' ').map((stroke) =>
    stroke
      .split('+')
      .map((part) => (part === 'mod' ? (mac ? '⌘' : 'Ctrl') : part === 'alt' ? (mac ? '⌥' : 'Alt') : part === 'shift' ? '⇧' : named(part)))
      .join(' '),
  );
}

function named(key: string): string {
  const names: Readonly<Record<string, string>> = {
    ArrowUp: '↑',
    ArrowDown: '↓',
    ArrowLeft: '←',
    ArrowRight: '→',
    Escape: 'Esc',
    Enter: '↵',
  };
  return names[key] ?? key;
}
