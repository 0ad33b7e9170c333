import { Table, useI18n } from '@slipway/ui';
import type { Saga } from '../wire/types.ts';

export function SagaTable({ saga }: { readonly saga: Saga }) {
  const { t, has, formats } = useI18n();
  const word = (kind: string, name: string) => (has(`shop.saga.${kind}.${name}`) ? t(`shop.saga.${kind}.${name}`) : name);
  const at = (instant: string | null) => (instant ? formats.instant(instant, 'dateTime') : '');
  return (
    <Table
      caption={t('shop.saga.steps')}
      rows={saga.steps}
      rowKey={(step) => step.name}
      columns={[
        { id: 'name', header: t('shop.saga.step'), cell: (step) => word('step', step.name) },
        { id: 'state', header: t('shop.saga.state'), cell: (step) => word('state', step.state) },
        { id: 'attempts', header: t('shop.saga.attempts'), numeric: true, cell: (step) => step.attempts },
        { id: 'started', header: t('shop.saga.started'), cell: (step) => at(step.startedAt) },
        { id: 'ended', header: t('shop.saga.ended'), cell: (step) => at(step.endedAt) },
        { id: 'undo', header: t('shop.saga.undo'), cell: (step) => (step.compensation ? word('undo', step.compensation) : '') },
        { id: 'error', header: t('shop.saga.error'), cell: (step) => step.error ?? '' },
      ]}
    />
  );
}
