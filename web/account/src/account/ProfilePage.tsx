import { Button, ErrorState, Input, ProblemError, Select, Skeleton, useI18n, useToasts } from '@slipway/ui';
import { FormShell } from '../page/FormShell.tsx';
import { Frame } from '../page/Frame.tsx';
import { useForm } from '../page/form.ts';
import { useSession } from '../page/Session.tsx';
import { useLoad } from '../page/useLoad.ts';
import { identity } from '../wire/identity.ts';
import type { Account } from '../wire/types.ts';
import { EmailSection } from './EmailSection.tsx';

export function ProfilePage() {
  const { t } = useI18n();
  const account = useLoad(identity.account);
  return (
    <Frame title={t('account.profile.title')} lead={t('account.profile.lead')}>
      {account.data ? (
        <Profile key={account.data.version} account={account.data} onSaved={account.replace} onStale={account.reload} />
      ) : account.error ? (
        <ErrorState error={account.error} onRetry={account.reload} />
      ) : (
        <Skeleton lines={4} />
      )}
    </Frame>
  );
}

interface ProfileProps {
  readonly account: Account;
  readonly onSaved: (account: Account) => void;
  readonly onStale: () => void;
}

function Profile({ account, onSaved, onStale }: ProfileProps) {
  const { t, setLocale } = useI18n();
  const toasts = useToasts();
  const session = useSession();
  const form = useForm({
    firstName: account.firstName ?? '',
    lastName: account.lastName ?? '',
    username: account.username ?? '',
    locale: account.locale ?? 'en',
  });
  const save = form.submit(async (values) => {
    try {
      const saved = await identity.changeAccount(
        {
          firstName: values.firstName.trim() || null,
          lastName: values.lastName.trim() || null,
          username: values.username.trim() || null,
          locale: values.locale,
        },
        account.version,
      );
      setLocale(values.locale);
      onSaved(saved);
      void session.reload().catch(() => undefined);
      toasts.show({ text: t('account.saved'), key: 'profile' });
    } catch (error) {
      if (error instanceof ProblemError && error.isConflict) {
        onStale();
        toasts.show({ text: t('account.conflict'), tone: 'danger' });
        return;
      }
      throw error;
    }
  });
  return (
    <div className="stack narrow">
      <FormShell form={form} onSubmit={save}>
        <div className="pair">
          <Input {...form.text('firstName', t('account.field.firstName'))} optional autoComplete="given-name" maxLength={100} />
          <Input {...form.text('lastName', t('account.field.lastName'))} optional autoComplete="family-name" maxLength={100} />
        </div>
        <Input
          {...form.text('username', t('account.field.username'))}
          optional
          autoComplete="nickname"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={50}
        />
        <Select
          {...form.text('locale', t('account.field.locale'))}
          options={['en', 'de'].map((value) => ({ value, label: t(`account.profile.language.${value}`) }))}
        />
        <div className="row">
          <Button type="submit" look="primary" busy={form.busy}>
            {t('account.save')}
          </Button>
        </div>
      </FormShell>
      <EmailSection />
      <p className="lead">{t('account.profile.since', { when: account.createdAt })}</p>
    </div>
  );
}
