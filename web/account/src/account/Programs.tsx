import { Button, ErrorState, explain, Skeleton, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { useLoad } from '../page/useLoad.ts';
import { identity } from '../wire/identity.ts';
import type { ConnectedProgram } from '../wire/types.ts';

/** What the person has allowed others, to be taken back with one press. */
export function Programs() {
  const i18n = useI18n();
  const { t } = i18n;
  const toasts = useToasts();
  const programs = useLoad(identity.programs);
  const [taking, setTaking] = useState<string | null>(null);

  const take = async ({ id, name }: ConnectedProgram) => {
    setTaking(id);
    try {
      await identity.withdraw(id);
      toasts.show({ text: t('account.privacy.taken', { name }) });
      programs.reload();
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger' });
    } finally {
      setTaking(null);
    }
  };

  return (
    <section className="section">
      <h2>{t('account.privacy.programs')}</h2>
      {!programs.data && (programs.error ? <ErrorState error={programs.error} onRetry={programs.reload} /> : <Skeleton lines={1} />)}
      {programs.data?.items.length === 0 && <p>{t('account.privacy.programsNone')}</p>}
      {programs.data && programs.data.items.length > 0 && (
        <ul className="lines wide">
          {programs.data.items.map((program) => (
            <li className="line" key={program.id}>
              <div className="line-text">
                <strong>{program.name}</strong>
                <small>
                  {program.scopes.join(' ')} · {t('account.privacy.programSince', { when: program.grantedAt })}
                </small>
              </div>
              <Button
                busy={taking === program.id}
                onClick={() => void take(program)}
                aria-label={t('account.privacy.takeOf', { name: program.name })}
              >
                {t('account.privacy.take')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
