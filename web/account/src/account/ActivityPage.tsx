import { Button, EmptyState, ErrorState, Skeleton, Table, useI18n } from '@slipway/ui';
import { Frame } from '../page/Frame.tsx';
import { usePages } from '../page/usePages.ts';
import { identity } from '../wire/identity.ts';
import { useActionName } from './useActionName.ts';

export function ActivityPage() {
  const { t } = useI18n();
  return (
    <Frame title={t('account.activity.title')} lead={t('account.activity.lead')}>
      <Activity />
    </Frame>
  );
}

function Activity() {
  const { t, formats } = useI18n();
  const name = useActionName();
  const entries = usePages(identity.activity);
  if (!entries.items) return entries.error ? <ErrorState error={entries.error} onRetry={entries.reload} /> : <Skeleton lines={5} />;
  if (entries.items.length === 0) return <EmptyState icon="history" title={t('account.activity.none')} />;
  return (
    <>
      <Table
        caption={t('account.activity.title')}
        hideCaption
        rows={entries.items}
        rowKey={(entry) => String(entry.id)}
        columns={[
          { id: 'what', header: t('account.activity.column.what'), cell: (entry) => name(entry.action) },
          { id: 'when', header: t('account.activity.column.when'), cell: (entry) => formats.instant(entry.at) },
          { id: 'where', header: t('account.activity.column.where'), cell: (entry) => entry.network ?? t('account.none') },
        ]}
      />
      {entries.more && (
        <div className="row">
          <Button busy={entries.busy} onClick={entries.more}>
            {t('account.more')}
          </Button>
        </div>
      )}
    </>
  );
}
