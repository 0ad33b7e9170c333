import type { Group } from '../wire/types.ts';

export const shareOf = ({ count, survived }: Pick<Group, 'count' | 'survived'>): number => (count === 0 ? 0 : survived / count);

export const sumOf = (groups: readonly Group[]): Pick<Group, 'count' | 'survived'> => ({
  count: groups.reduce((sum, group) => sum + group.count, 0),
  survived: groups.reduce((sum, group) => sum + group.survived, 0),
});

/** Age groups in the order of life, other names as words are ordered, what is unknown last. */
export function ordered(groups: readonly Group[], by: string): readonly Group[] {
  const key = ({ values }: Group) => values[by] ?? '';
  const rank = (group: Group) => {
    const first = /^\d+/.exec(key(group));
    return key(group) === '' || key(group) === 'unknown' ? Number.MAX_SAFE_INTEGER : first ? Number(first[0]) : Number.MAX_SAFE_INTEGER - 1;
  };
  return groups.toSorted((left, right) => rank(left) - rank(right) || key(left).localeCompare(key(right)));
}
