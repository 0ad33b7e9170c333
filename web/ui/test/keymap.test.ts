import { expect, test } from 'vitest';
import { type Binding, isSingleKey, KeyReader, keyCaps, type Stroke, strokeName } from '../src/keyboard/keymap.ts';
import { searchCommands } from '../src/keyboard/Palette.tsx';

const stroke = (key: string, modifiers: Partial<Stroke> = {}): Stroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});
const binding = (keys: string, more: Partial<Binding> = {}): Binding => ({
  id: keys,
  keys,
  label: keys,
  group: 'g',
  run: () => {},
  ...more,
});
const normal = { typing: false, singleKeys: true };

function typed(keys: readonly (string | Stroke)[], bindings: readonly Binding[], state = normal, step = 100): readonly string[] {
  const reader = new KeyReader();
  return keys.flatMap((key, index) => {
    const match = reader.read(typeof key === 'string' ? stroke(key) : key, bindings, index * step, state);
    return match.kind === 'run' ? [match.binding.id] : [];
  });
}

test('a single key runs its command', () => {
  expect(typed(['j', 'x', 'q'], [binding('j'), binding('x')])).toEqual(['j', 'x']);
});

test('two keys after each other are one command', () => {
  expect(typed(['g', 'i'], [binding('g i'), binding('g t'), binding('i')])).toEqual(['g i']);
});

test('two keys too far apart are two keys', () => {
  expect(typed(['g', 'i'], [binding('g i'), binding('i')], normal, 2000)).toEqual(['i']);
});

test('a broken sequence still lets the second key mean what it means alone', () => {
  expect(typed(['g', 'j'], [binding('g i'), binding('j')])).toEqual(['j']);
});

test('ctrl and ⌘ are the same modifier', () => {
  const palette = [binding('mod+k', { whileTyping: true })];
  expect(typed([stroke('k', { ctrlKey: true }), stroke('K', { metaKey: true })], palette)).toEqual(['mod+k', 'mod+k']);
});

test('while typing only commands made for it run', () => {
  const state = { typing: true, singleKeys: true };
  expect(typed(['n', stroke('k', { ctrlKey: true })], [binding('n'), binding('mod+k', { whileTyping: true })], state)).toEqual(['mod+k']);
});

test('single keys can be turned off without losing the rest', () => {
  const state = { typing: false, singleKeys: false };
  expect(
    typed(
      ['j', 'g', 'i', stroke('k', { ctrlKey: true }), 'Escape'],
      [binding('j'), binding('g i'), binding('mod+k'), binding('Escape')],
      state,
    ),
  ).toEqual(['mod+k', 'Escape']);
  expect(['?', 'g i', 'mod+k', 'alt+ArrowUp'].map((keys) => isSingleKey({ keys }))).toEqual([true, true, false, false]);
});

test('a disabled command does not run and is not offered', () => {
  const off = binding('d', { enabled: false, label: 'Delete' });
  expect(typed(['d'], [off])).toEqual([]);
  expect(searchCommands([off], '')).toEqual([]);
});

test('modifier keys alone are no strokes', () => {
  expect(strokeName(stroke('Shift'))).toBeNull();
  expect(strokeName(stroke('ArrowUp', { altKey: true }))).toBe('alt+ArrowUp');
  expect(strokeName(stroke('?', { shiftKey: true }))).toBe('?');
});

test('keys are shown as they are printed on the keyboard', () => {
  expect(keyCaps('mod+k', true)).toEqual(['⌘ k']);
  expect(keyCaps('mod+k', false)).toEqual(['Ctrl k']);
  expect(keyCaps('g i', false)).toEqual(['g', 'i']);
});

test('the palette finds commands by the beginnings of their words in any order', () => {
  const commands = [
    binding('1', { label: 'New todo', group: 'General' }),
    binding('2', { label: 'Today', group: 'Go to' }),
    binding('3', { label: 'x', inPalette: false }),
  ];
  expect(searchCommands(commands, 'tod new').map((command) => command.id)).toEqual(['1']);
  expect(searchCommands(commands, 'go').map((command) => command.id)).toEqual(['2']);
  expect(searchCommands(commands, '').map((command) => command.id)).toEqual(['1', '2']);
});
