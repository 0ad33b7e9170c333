import { Button, EmptyState, ErrorState, Input, Link, Skeleton, Table, useI18n, useSearch } from '@slipway/ui';
import { Frame } from '../page/Frame.tsx';
import { usePages } from '../page/usePages.ts';
import { identity } from '../wire/identity.ts';
import type { AdminUser } from '../wire/types.ts';
import { Administrators } from './Administrators.tsx';

export function UsersPage() {
  const { t } = useI18n();
  return (
    <Frame title={t('account.admin.users')} lead={t('account.admin.users.lead')}>
      <Administrators>
        <Users />
      </Administrators>
    </Frame>
  );
}

function Users() {
  const { t, formats } = useI18n();
  const [search, setSearch] = useSearch();
  const query = search.get('q') ?? '';
  const users = usePages((cursor) => identity.users(query, cursor), query);
  return (
    <>
      <search className="filters">
        <Input
          type="search"
          label={t('account.admin.users.search')}
          value={query}
          onChange={(q) => setSearch({ q }, { replace: true })}
          maxLength={200}
        />
      </search>
      {!users.items && (users.error ? <ErrorState error={users.error} onRetry={users.reload} /> : <Skeleton lines={5} />)}
      {users.items?.length === 0 && (
        <EmptyState icon="user" title={query ? t('account.admin.users.none', { query }) : t('account.admin.users.empty')} />
      )}
      {users.items && users.items.length > 0 && (
        <Table
          caption={t('account.admin.users')}
          hideCaption
          rows={users.items}
          rowKey={(user) => user.id}
          columns={[
            {
              id: 'person',
              header: t('account.admin.users.column.person'),
              cell: (user) => <Link to={`/admin/users/${user.id}`}>{user.email}</Link>,
            },
            { id: 'role', header: t('account.admin.users.column.role'), cell: (user) => <Role role={user.role} /> },
            { id: 'state', header: t('account.admin.users.column.state'), cell: (user) => <State user={user} /> },
            {
              id: 'last',
              header: t('account.admin.users.column.lastSignIn'),
              cell: (user) => (user.lastLoginAt ? formats.ago(user.lastLoginAt, Date.now()) : t('account.never')),
            },
          ]}
        />
      )}
      {users.more && (
        <div className="row">
          <Button busy={users.busy} onClick={users.more}>
            {t('account.more')}
          </Button>
        </div>
      )}
    </>
  );
}

export function Role({ role }: { readonly role: string }) {
  const { t, has } = useI18n();
  return has(`account.admin.role.${role}`) ? t(`account.admin.role.${role}`) : role;
}

export function State({ user }: { readonly user: AdminUser }) {
  const { t } = useI18n();
  if (!user.active) {
    return (
      <span className="badge" data-tone="danger">
        {t('account.admin.user.inactive')}
      </span>
    );
  }
  if (user.lockedUntil && Date.parse(user.lockedUntil) > Date.now()) {
    return (
      <span className="badge" data-tone="danger">
        {t('account.admin.user.locked')}
      </span>
    );
  }
  return (
    <span className="badge" data-tone="success">
      {t('account.admin.user.active')}
    </span>
  );
}
