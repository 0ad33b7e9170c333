import { useI18n } from '@slipway/ui';
import type { TimelineEvent } from '../wire/types.ts';

/** `slipway.retail.order.confirmed.v1` and `order.confirmed` are both `confirmed`. */
export function shortType(type: string): string {
  const parts = type.replace(/\.v\d+$/, '').split('.');
  return (parts.at(-1) ?? type).replaceAll('-', '_');
}

const statusOf: Readonly<Record<string, string>> = {
  created: 'pending',
  stock_reserved: 'reserved',
  reserved: 'reserved',
  payment_requested: 'reserved',
  payment_authorized: 'paid',
  authorized: 'paid',
  paid: 'paid',
  confirmed: 'confirmed',
};

/** How far an order came, by what happened to it. */
export function reachedStatuses(events: readonly TimelineEvent[]): readonly string[] {
  return events.flatMap(({ type }) => statusOf[shortType(type)] ?? []);
}

export function Timeline({ events }: { readonly events: readonly TimelineEvent[] }) {
  const { t, has, formats } = useI18n();
  const words = (type: string) => {
    const short = shortType(type);
    return has(`shop.event.${short}`) ? t(`shop.event.${short}`) : short.replaceAll('_', ' ');
  };
  return (
    <ol className="timeline">
      {events.toReversed().map((event) => (
        <li key={event.id}>
          <span>{words(event.type)}</span>
          {event.at && <time dateTime={event.at}>{formats.instant(event.at, 'dateTime')}</time>}
        </li>
      ))}
    </ol>
  );
}
