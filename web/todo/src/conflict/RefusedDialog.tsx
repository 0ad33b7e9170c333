import { Button, Dialog, explain, explainFinding, ProblemError, useI18n } from '@slipway/ui';
import type { Change } from '../store/change.ts';
import { useStore } from '../store/StoreContext.tsx';

/** What the server would not take, why, and what it was: nothing typed disappears by itself. */
export function RefusedDialog({ changes, onClose }: { readonly changes: readonly Change[]; readonly onClose: () => void }) {
  const i18n = useI18n();
  const { t, formats } = i18n;
  const store = useStore();
  return (
    <Dialog open onClose={onClose} title={t('todo.refused.title')} size="wide">
      <ul className="refused">
        {changes.map((change) => {
          const title = change.intent.kind === 'create' ? change.intent.draft.title : (change.base?.title ?? change.intent.todoId);
          return (
            <li key={change.seq}>
              <h3>{t(`todo.refused.${change.intent.kind}`, { title })}</h3>
              {change.problem && <p>{explain(new ProblemError(change.problem), i18n)}</p>}
              {change.problem?.errors?.map((finding) => (
                <p key={`${finding.pointer}${finding.code}`} className="field-error">
                  {finding.pointer}: {explainFinding(finding, i18n)}
                </p>
              ))}
              <p className="field-hint">{formats.instant(change.at)}</p>
              <p className="row">
                <Button onClick={() => void store.resolve(change.seq, change.intent, store.state.todos.get(change.intent.todoId) ?? null)}>
                  {t('ui.action.retry')}
                </Button>
                <Button look="quiet" onClick={() => void store.resolve(change.seq, null, null)}>
                  {t('todo.refused.discard')}
                </Button>
              </p>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
