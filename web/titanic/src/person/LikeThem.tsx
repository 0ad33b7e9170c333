import { Link, useI18n } from '@slipway/ui';
import { useLoad } from '@slipway/ui/load';
import { readFilters } from '../people/filters.ts';
import { shareOf } from '../survival/shares.ts';
import { client } from '../wire/connection.ts';
import type { Person } from '../wire/types.ts';

/** How others of the same class and sex fared: one life says little about its odds. */
export function LikeThem({ person }: { readonly person: Person }) {
  const { t, formats } = useI18n();
  const address = `class=${person.passengerClass}&sex=${person.sex}`;
  const { data } = useLoad((signal) => client.groups(['class', 'sex'], readFilters(new URLSearchParams(address)), signal), address);
  const group = data?.[0];
  if (!group) return null;
  return (
    <aside className="panel" aria-label={t('titanic.person.alike')}>
      <h2>{t('titanic.person.alike')}</h2>
      <p>
        {t('titanic.person.odds', {
          who: t(`titanic.group.${person.sex}`),
          class: t(`titanic.class.${person.passengerClass}`),
          survived: group.survived,
          count: group.count,
          share: formats.number(shareOf(group), 'percent'),
        })}
      </p>
      <p>
        <Link to={`/?${address}`}>{t('titanic.person.showAlike')}</Link>
      </p>
    </aside>
  );
}
