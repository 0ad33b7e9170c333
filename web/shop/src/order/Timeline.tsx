import { useI18n } from '@slipway/ui';
import type { TimelineEvent } from '../wire/types.ts';

/** What happened, the newest first. What this page does not know yet is shown by the service's own word. */
export function Timeline({ events }: { readonly events: readonly TimelineEvent[] }) {
  const { t, has, formats } = useI18n();
  return (
    <ol className="timeline">
      {events.toReversed().map(({ id, kind, at }) => (
        <li key={id}>
          <span>{has(`shop.event.${kind}`) ? t(`shop.event.${kind}`) : kind}</span>
          {at && <time dateTime={at}>{formats.instant(at, 'dateTime')}</time>}
        </li>
      ))}
    </ol>
  );
}
