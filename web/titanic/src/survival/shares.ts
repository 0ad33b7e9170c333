import type { Group } from '../wire/types.ts';

export const shareOf = ({ count, survived }: Pick<Group, 'count' | 'survived'>): number => (count === 0 ? 0 : survived / count);

export const sumOf = (groups: readonly Group[]): Pick<Group, 'count' | 'survived'> => ({
  count: groups.reduce((sum, group) => sum + group.count, 0),
  survived: groups.reduce((sum, group) => sum + group.survived, 0),
});

const byAge = ['child', 'teen', 'adult', 'senior'];

/** Age groups in the order of life, other names as words are ordered, what is unknown last. */
export function ordered(groups: readonly Group[], by: string): readonly Group[] {
  const key = ({ values }: Group) => values[by] ?? '';
  const rank = (group: Group) => (key(group) === '' || key(group) === 'unknown' ? byAge.length : byAge.indexOf(key(group)));
  return groups.toSorted((left, right) => rank(left) - rank(right) || key(left).localeCompare(key(right)));
}
