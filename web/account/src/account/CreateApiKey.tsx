import { Button, Dialog, Input, Select, useI18n } from '@slipway/ui';
import { FormShell } from '../page/FormShell.tsx';
import { required, useForm } from '../page/form.ts';
import { useStepUp } from '../page/StepUp.tsx';
import { identity } from '../wire/identity.ts';
import type { CreatedApiKey } from '../wire/types.ts';

const lifetimes = [7, 30, 90, 365] as const;

export interface CreateApiKeyProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onCreated: (key: CreatedApiKey) => void;
}

export function CreateApiKey({ open, onClose, onCreated }: CreateApiKeyProps) {
  const { t } = useI18n();
  return (
    <Dialog open={open} title={t('account.keys.create')} onClose={onClose}>
      <CreateForm onCreated={onCreated} />
    </Dialog>
  );
}

function CreateForm({ onCreated }: Pick<CreateApiKeyProps, 'onCreated'>) {
  const { t } = useI18n();
  const stepUp = useStepUp();
  const form = useForm({ name: '', scopes: '', days: '90' }, { name: required('name'), scopes: required('scopes') });
  const create = form.submit(async ({ name, scopes, days }) => {
    onCreated(
      await stepUp(() => identity.createApiKey({ name: name.trim(), scopes: scopes.trim().split(/\s+/), expiresInDays: Number(days) })),
    );
  });
  return (
    <FormShell form={form} onSubmit={create}>
      <Input {...form.text('name', t('account.keys.name'))} hint={t('account.keys.nameHint')} maxLength={100} data-autofocus />
      <Input
        {...form.text('scopes', t('account.keys.scopes'))}
        hint={t('account.keys.scopesHint')}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={1000}
      />
      <Select
        {...form.text('days', t('account.keys.days'))}
        options={lifetimes.map((days) => ({ value: String(days), label: t('account.keys.daysCount', { count: days }) }))}
      />
      <div className="row">
        <Button type="submit" look="primary" busy={form.busy}>
          {t('account.keys.create')}
        </Button>
      </div>
    </FormShell>
  );
}
