import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../src/tokens/tokens.css'), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map((match) => [match[1], [match[2], match[3]] as const]),
);

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(front: string, back: string): number {
  const [light = 0, dark = 0] = [luminance(front), luminance(back)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function weakPairs(fronts: readonly string[], backs: readonly string[], least: number): readonly string[] {
  const weak: string[] = [];
  for (const front of fronts) {
    for (const back of backs) {
      for (const mode of [0, 1] as const) {
        const ratio = contrast(tokens.get(front)?.[mode] ?? '#000000', tokens.get(back)?.[mode] ?? '#000000');
        if (ratio < least) weak.push(`${front} on ${back} ${mode === 0 ? 'by day' : 'by night'}: ${ratio.toFixed(2)}`);
      }
    }
  }
  return weak;
}

const papers = ['paper', 'surface', 'sunken', 'hover', 'selected'];

test('text reads well on every paper, by day and by night', () => {
  expect(tokens.size).toBeGreaterThan(20);
  expect(weakPairs(['ink', 'ink-soft'], papers, 4.5)).toEqual([]);
  expect(weakPairs(['ink-faint', 'accent', 'danger', 'warning'], papers, 4.5)).toEqual([]);
  expect(weakPairs(['success'], ['paper', 'surface', 'sunken'], 4.5)).toEqual([]);
});

test('text reads well on coloured ground', () => {
  expect(weakPairs(['on-accent'], ['accent', 'accent-strong'], 4.5)).toEqual([]);
  expect(weakPairs(['on-danger'], ['danger'], 4.5)).toEqual([]);
  expect(weakPairs(['ink'], ['accent-soft', 'danger-soft', 'warning-soft', 'success-soft'], 4.5)).toEqual([]);
  expect(weakPairs(['accent-strong'], ['accent-soft', 'selected'], 4.5)).toEqual([]);
  expect(weakPairs(['danger'], ['danger-soft'], 4.5)).toEqual([]);
});

test('borders of controls and the focus ring can be seen', () => {
  expect(weakPairs(['line-strong', 'focus'], ['paper', 'surface', 'sunken'], 3)).toEqual([]);
});
