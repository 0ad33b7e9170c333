import { Button, ConfirmDialog, ErrorState, explain, Link, ProblemError, Select, Skeleton, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { Frame } from '../page/Frame.tsx';
import { useStepUp } from '../page/StepUp.tsx';
import { useLoad } from '../page/useLoad.ts';
import { identity } from '../wire/identity.ts';
import type { AdminUser } from '../wire/types.ts';
import { Administrators } from './Administrators.tsx';
import { State } from './UsersPage.tsx';

export function UserPage({ id }: { readonly id: string }) {
  const { t } = useI18n();
  return (
    <Frame title={t('account.admin.user.title')}>
      <Administrators>
        <Link to="/admin/users">{t('account.back')}</Link>
        <User id={id} />
      </Administrators>
    </Frame>
  );
}

const roles = ['customer', 'vendor', 'admin'] as const;

function User({ id }: { readonly id: string }) {
  const i18n = useI18n();
  const { t, formats } = i18n;
  const toasts = useToasts();
  const stepUp = useStepUp();
  const user = useLoad(() => identity.user(id), id);
  const [blocking, setBlocking] = useState(false);
  const [busy, setBusy] = useState(false);

  const change = async (account: AdminUser, changes: Readonly<Record<string, unknown>>) => {
    setBusy(true);
    try {
      user.replace(await stepUp(() => identity.changeUser(id, changes, account.version)));
      toasts.show({ text: t('account.saved'), key: 'user' });
      setBlocking(false);
    } catch (error) {
      const stale = error instanceof ProblemError && error.isConflict;
      if (stale) user.reload();
      toasts.show({ text: stale ? t('account.conflict') : explain(error, i18n), tone: 'danger', key: 'user' });
    } finally {
      setBusy(false);
    }
  };

  const account = user.data;
  if (!account) return user.error ? <ErrorState error={user.error} onRetry={user.reload} /> : <Skeleton lines={5} />;
  const locked = account.lockedUntil && Date.parse(account.lockedUntil) > Date.now();
  return (
    <div className="stack">
      <h2>{account.email}</h2>
      <dl className="facts">
        <dt>{t('account.admin.users.column.state')}</dt>
        <dd>
          <State user={account} />
        </dd>
        <dt>{t('account.admin.user.twoFactor')}</dt>
        <dd>{t(account.twoFactorEnabled ? 'account.admin.user.on' : 'account.admin.user.off')}</dd>
        <dt>{t('account.admin.users.column.lastSignIn')}</dt>
        <dd>{account.lastLoginAt ? formats.instant(account.lastLoginAt) : t('account.never')}</dd>
        {account.loginCount !== undefined && (
          <>
            <dt>{t('account.admin.user.signIns')}</dt>
            <dd>{formats.number(account.loginCount)}</dd>
          </>
        )}
      </dl>
      <div className="narrow">
        <Select
          label={t('account.admin.user.role')}
          value={account.role}
          disabled={busy}
          onChange={(role) => void change(account, { role })}
          options={roles.map((role) => ({ value: role, label: t(`account.admin.role.${role}`) }))}
        />
      </div>
      <div className="row">
        {account.active ? (
          <Button look="danger" onClick={() => setBlocking(true)}>
            {t('account.admin.user.block')}
          </Button>
        ) : (
          <Button busy={busy} onClick={() => void change(account, { active: true })}>
            {t('account.admin.user.unblock')}
          </Button>
        )}
        {locked && (
          <Button busy={busy} onClick={() => void change(account, { unlock: true })}>
            {t('account.admin.user.unlock')}
          </Button>
        )}
      </div>
      <ConfirmDialog
        open={blocking}
        danger
        busy={busy}
        title={t('account.admin.user.blockTitle', { email: account.email })}
        action={t('account.admin.user.block')}
        onConfirm={() => void change(account, { active: false })}
        onClose={() => setBlocking(false)}
      >
        <p>{t('account.admin.user.blockText')}</p>
      </ConfirmDialog>
    </div>
  );
}
