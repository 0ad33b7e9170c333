import { catalogueFindings, literalFindings } from '@slipway/ui/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ageOrNothing, classes, isNarrowed, nothingNarrowed, readFilters, toggled } from '../src/people/filters.ts';
import { ordered, shareOf, sumOf } from '../src/survival/shares.ts';
import { catalogues } from '../src/texts/catalogues.ts';
import type { Group } from '../src/wire/types.ts';
import { toGroup, toPage } from '../src/wire/client.ts';

const aGroup = (by: string, value: string, count = 10, survived = 4): Group => ({
  values: { [by]: value },
  count,
  survived,
  averageAge: null,
  averageFare: null,
});

describe('filters', () => {
  test('are read from the address, and what nobody knows is left out', () => {
    const filters = readFilters(new URLSearchParams('q= Rose &class=3,1,9&sex=female&survived=maybe&minAge=0,5&maxAge=400&sort=-fare'));
    expect(filters).toMatchObject({
      q: 'Rose',
      classes: ['1', '3'],
      sexes: ['female'],
      survived: '',
      minAge: '0.5',
      maxAge: '',
      sort: '-fare',
    });
    expect(isNarrowed(filters)).toBe(true);
  });

  test('that were all removed narrow nothing', () => {
    const search = new URLSearchParams('class=1&survived=true&minAge=3&embarked=S');
    for (const name of Object.keys(nothingNarrowed)) search.delete(name);
    expect(isNarrowed(readFilters(search))).toBe(false);
  });

  test('all classes together are the same as none', () => {
    expect(toggled(['1'], '3', classes)).toBe('1,3');
    expect(toggled(['1', '3'], '2', classes)).toBeNull();
    expect(toggled(['1'], '1', classes)).toBeNull();
  });

  test.each([
    ['38', '38'],
    [' 0,75 ', '0.75'],
    ['121', ''],
    ['old', ''],
    ['-3', ''],
  ])('an age typed as “%s” is read as “%s”', (typed, read) => expect(ageOrNothing(typed)).toBe(read));
});

describe('survival', () => {
  test('is a share of those aboard, of nobody none', () => {
    expect(shareOf({ count: 8, survived: 2 })).toBe(0.25);
    expect(shareOf({ count: 0, survived: 0 })).toBe(0);
    expect(sumOf([aGroup('class', '1', 216, 136), aGroup('class', '2', 184, 87)])).toEqual({ count: 400, survived: 223 });
  });

  test('is shown in the order of life, the unknown last', () => {
    const groups = ['unknown', '10-19', '0-9', '60-69'].map((value) => aGroup('ageGroup', value));
    expect(ordered(groups, 'ageGroup').map(({ values }) => values['ageGroup'])).toEqual(['0-9', '10-19', '60-69', 'unknown']);
  });
});

describe('answers', () => {
  test('of another shape read as nothing, never as an exception', () => {
    expect(toPage(null)).toEqual({ items: [], next: null, previous: null, total: null });
    expect(toPage({ items: [{}, 7] }).items).toHaveLength(2);
    expect(toGroup({ survived: true }, ['sex'])).toMatchObject({ values: { sex: '' }, count: 0 });
  });
});

describe('texts', () => {
  test('have the same keys and values in both languages', () => expect(catalogueFindings(catalogues)).toEqual([]));

  test('all stand in the catalogues, none in components', () => {
    const root = join(import.meta.dirname, '../src');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'));
    expect(files.length).toBeGreaterThan(8);
    expect(files.flatMap((file) => literalFindings(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});
