import { Language } from '@slipway/ui';
import { describe, expect, it } from 'vitest';
import { de } from '../src/texts/de.ts';
import { en } from '../src/texts/en.ts';

const values = (text: string) => [...text.matchAll(/\{(\w+)(?=[,}])/g)].map((match) => match[1]).sort();

describe('the texts', () => {
  it('exist in both languages', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  });

  it('name the same values in both languages', () => {
    const different = Object.entries(en).filter(([key, text]) => {
      const other = de[key as keyof typeof en];
      return JSON.stringify([...new Set(values(text))]) !== JSON.stringify([...new Set(values(other))]);
    });
    expect(different.map(([key]) => key)).toEqual([]);
  });

  it('can all be drawn', () => {
    for (const locale of ['en', 'de']) {
      const language = new Language(locale, { en, de }, 'en', 'UTC');
      for (const key of Object.keys(en)) {
        const text = language.text(key, {
          count: 2,
          when: key.endsWith('agreed') ? '2026-01-05' : '2026-01-05T10:00:00Z',
          page: 'x',
          email: 'x',
          name: 'x',
          client: 'x',
        });
        expect(text).not.toMatch(/[{}]/);
      }
    }
  });
});
