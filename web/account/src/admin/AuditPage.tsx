import { Button, EmptyState, ErrorState, Skeleton, Table, useI18n } from '@slipway/ui';
import { useActionName } from '../account/useActionName.ts';
import { Frame } from '../page/Frame.tsx';
import { usePages } from '../page/usePages.ts';
import { identity } from '../wire/identity.ts';
import { Administrators } from './Administrators.tsx';

export function AuditPage() {
  const { t } = useI18n();
  return (
    <Frame title={t('account.admin.audit')} lead={t('account.admin.audit.lead')}>
      <Administrators>
        <Audit />
      </Administrators>
    </Frame>
  );
}

function Audit() {
  const { t, formats } = useI18n();
  const name = useActionName();
  const entries = usePages((cursor) => identity.audit({ cursor }));
  if (!entries.items) return entries.error ? <ErrorState error={entries.error} onRetry={entries.reload} /> : <Skeleton lines={6} />;
  if (entries.items.length === 0) return <EmptyState icon="list" title={t('account.admin.audit.none')} />;
  return (
    <>
      <Table
        caption={t('account.admin.audit')}
        hideCaption
        rows={entries.items}
        rowKey={(entry) => String(entry.id)}
        columns={[
          { id: 'what', header: t('account.activity.column.what'), cell: (entry) => name(entry.action) },
          { id: 'when', header: t('account.activity.column.when'), cell: (entry) => formats.instant(entry.at) },
          { id: 'actor', header: t('account.admin.audit.column.actor'), cell: (entry) => `${entry.actor.type} ${entry.actor.id}` },
          { id: 'target', header: t('account.admin.audit.column.target'), cell: (entry) => `${entry.target.type} ${entry.target.id}` },
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
