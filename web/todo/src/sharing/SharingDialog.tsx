import {
  announce,
  Button,
  Dialog,
  ErrorState,
  explain,
  explainFinding,
  IconButton,
  Input,
  ProblemError,
  Select,
  Skeleton,
  useI18n,
  useToasts,
} from '@slipway/ui';
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import { newId } from '../contract/ids.ts';
import type { Invitation, List, Member, Role } from '../contract/types.ts';
import { useTodoState } from '../store/StoreContext.tsx';

interface People {
  readonly members: readonly Member[];
  readonly invitations: readonly Invitation[];
}

export function SharingDialog({ list, onClose }: { readonly list: List; readonly onClose: () => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const client = useClient();
  const { userId, sharingTurn } = useTodoState();
  const { show } = useToasts();
  const [people, setPeople] = useState<People | null>(null);
  const [error, setError] = useState<unknown>(null);
  const owner = list.role === 'owner';

  const load = useCallback(() => {
    setError(null);
    // Who is invited but has not answered yet is the owner's business alone.
    const invited = owner ? client.invited(list.id) : Promise.resolve({ items: [] });
    Promise.all([client.members(list.id), invited]).then(
      ([members, invitations]) =>
        setPeople({
          members: members.items,
          invitations: invitations.items.filter((invitation) => (invitation.status ?? 'pending') === 'pending'),
        }),
      setError,
    );
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the turn grows when somebody joins or leaves.
  }, [client, list.id, owner, sharingTurn]);
  useEffect(load, [load]);

  const attempt = async (work: Promise<unknown>) => {
    try {
      await work;
      load();
    } catch (reason) {
      show({ text: explain(reason, i18n), tone: 'danger' });
    }
  };
  const roles = (['editor', 'viewer'] as const).map((role) => ({ value: role, label: t(`todo.role.${role}`) }));

  return (
    <Dialog open onClose={onClose} title={t('todo.sharing.title', { name: list.name })}>
      {owner && <InviteForm list={list} onInvited={load} />}
      {error ? <ErrorState error={error} onRetry={load} /> : !people && <Skeleton lines={2} />}
      {people && (
        <>
          <h3>{t('todo.sharing.members')}</h3>
          <ul className="people">
            {people.members.map((member) => {
              const name = member.name || member.email || t('todo.history.somebody');
              return (
                <li key={member.userId}>
                  <span>
                    {name}
                    {member.userId === userId && <small> {t('todo.sharing.you')}</small>}
                    {member.name && member.email && <small>{member.email}</small>}
                  </span>
                  {owner && member.role !== 'owner' ? (
                    <>
                      <Select
                        hideLabel
                        label={t('todo.sharing.roleOf', { name })}
                        value={member.role}
                        options={roles}
                        onChange={(role) => void attempt(client.changeRole(list.id, member.userId, role as Role))}
                      />
                      <IconButton
                        icon="close"
                        look="danger"
                        label={t('todo.sharing.remove', { name })}
                        onClick={() => void attempt(client.removeMember(list.id, member.userId))}
                      />
                    </>
                  ) : (
                    <span className="role">{t(`todo.role.${member.role}`)}</span>
                  )}
                </li>
              );
            })}
            {people.invitations.map((invitation) => (
              <li key={invitation.id}>
                <span>{invitation.email}</span>
                <span className="role">{t('todo.sharing.invited', { role: t(`todo.role.${invitation.role}`) })}</span>
                <IconButton
                  icon="close"
                  look="danger"
                  label={t('todo.sharing.withdraw', { email: invitation.email })}
                  onClick={() => void attempt(client.withdraw(list.id, invitation.id))}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

function InviteForm({ list, onInvited }: { readonly list: List; readonly onInvited: () => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const client = useClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const key = useRef(newId());

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!/^\S+@\S+$/.test(email.trim())) {
      setError(t('todo.sharing.email.wrong'));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await client.invite(list.id, email.trim(), role, key.current);
      announce(t('todo.sharing.sent', { email: email.trim() }));
      setEmail('');
      key.current = newId();
      onInvited();
    } catch (reason) {
      if (reason instanceof ProblemError) key.current = newId();
      const finding = reason instanceof ProblemError ? reason.byField.get('email') : undefined;
      setError(finding ? explainFinding(finding, i18n) : explain(reason, i18n));
    }
    setBusy(false);
  };
  return (
    <form className="invite" onSubmit={(event) => void submit(event)} noValidate>
      <Input
        type="email"
        inputMode="email"
        autoComplete="email"
        data-autofocus
        label={t('todo.sharing.email')}
        value={email}
        error={error}
        onChange={setEmail}
      />
      <Select
        label={t('todo.sharing.role')}
        value={role}
        onChange={(value) => setRole(value as Role)}
        options={(['editor', 'viewer'] as const).map((option) => ({ value: option, label: t(`todo.role.${option}`) }))}
      />
      <Button type="submit" look="primary" busy={busy}>
        {t('todo.sharing.invite')}
      </Button>
    </form>
  );
}
