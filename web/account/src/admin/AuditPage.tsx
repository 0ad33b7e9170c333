import { Button, EmptyState, ErrorState, Link, Skeleton, Table, useI18n } from '@slipway/ui';
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
          { id: 'actor', header: t('account.admin.audit.column.actor'), cell: (entry) => <Party {...entry.actor} /> },
          { id: 'target', header: t('account.admin.audit.column.target'), cell: (entry) => <Party {...entry.target} /> },
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

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Who or what, by the end of its id: two that were made in the same hour begin alike. */
function Party({ type, id }: { readonly type: string; readonly id: string }) {
  const short = uuid.test(id) ? `…${id.slice(-8)}` : id;
  const label = `${type} ${short}`;
  return (type === 'user' || type === 'account') && uuid.test(id) ? (
    <Link to={`/admin/users/${id}`} title={id}>
      {label}
    </Link>
  ) : (
    <span title={id}>{label}</span>
  );
}
