import { Button, Dialog, useI18n } from '@slipway/ui';
import { useState } from 'react';
import type { Todo } from '../contract/types.ts';
import type { Change } from '../store/change.ts';
import { type FieldName, findConflicts, resolve } from '../store/merge.ts';
import { useStore, useTodoState } from '../store/StoreContext.tsx';
import { fieldText } from './fieldText.ts';

/** Two people changed the same thing. Nobody's work is thrown away without the person having seen both. */
export function ConflictDialog({ onLater }: { readonly onLater: () => void }) {
  const { changes } = useTodoState();
  const change = changes.find((candidate) => candidate.state === 'conflict');
  if (!change) return null;
  return change.theirs && change.intent.kind === 'update' ? (
    <FieldChoice key={change.seq} change={change} theirs={change.theirs} onLater={onLater} />
  ) : (
    <Overtaken key={change.seq} change={change} onLater={onLater} />
  );
}

function FieldChoice({ change, theirs, onLater }: { readonly change: Change; readonly theirs: Todo; readonly onLater: () => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const store = useStore();
  const patch = change.intent.kind === 'update' ? change.intent.patch : {};
  const conflicts = change.base ? findConflicts(change.base, patch, theirs) : [];
  const [choices, setChoices] = useState<Readonly<Partial<Record<FieldName, 'yours' | 'theirs'>>>>({});
  const decided = conflicts.every((conflict) => choices[conflict.field]);
  const chooseAll = (side: 'yours' | 'theirs') => setChoices(Object.fromEntries(conflicts.map((conflict) => [conflict.field, side])));
  const save = () => {
    const rest = resolve(patch, choices);
    void store.resolve(change.seq, rest ? { kind: 'update', todoId: change.intent.todoId, patch: rest } : null, theirs);
  };
  const footer = (
    <>
      <Button look="quiet" onClick={() => void store.resolve(change.seq, null, theirs)}>
        {t('todo.conflict.discard')}
      </Button>
      <Button look="primary" disabled={!decided} onClick={save}>
        {t('todo.conflict.save')}
      </Button>
    </>
  );
  return (
    // Closing decides nothing: both sides stay, and a line above the page leads back here.
    <Dialog open onClose={onLater} title={t('todo.conflict.title')} size="wide" footer={footer}>
      <p>{t('todo.conflict.text', { title: theirs.title })}</p>
      <p className="row">
        <Button onClick={() => chooseAll('yours')}>{t('todo.conflict.allYours')}</Button>
        <Button onClick={() => chooseAll('theirs')}>{t('todo.conflict.allTheirs')}</Button>
      </p>
      {conflicts.map((conflict) => (
        <fieldset key={conflict.field} className="versus">
          <legend>{t(`todo.field.${conflict.field}`)}</legend>
          {(['yours', 'theirs'] as const).map((side) => (
            <label key={side} data-chosen={choices[conflict.field] === side || undefined}>
              <input
                type="radio"
                name={`conflict-${conflict.field}`}
                checked={choices[conflict.field] === side}
                onChange={() => setChoices({ ...choices, [conflict.field]: side })}
              />
              <span>
                <strong>{t(`todo.conflict.${side}`)}</strong>
                <span>{fieldText(conflict.field, conflict[side], i18n)}</span>
              </span>
            </label>
          ))}
          <p className="field-hint">{t('todo.conflict.before', { value: fieldText(conflict.field, conflict.before, i18n) })}</p>
        </fieldset>
      ))}
    </Dialog>
  );
}

/** The todo is gone, or was changed before it could be deleted. */
function Overtaken({ change, onLater }: { readonly change: Change; readonly onLater: () => void }) {
  const { t } = useI18n();
  const store = useStore();
  const theirs = change.theirs ?? null;
  const title = theirs?.title ?? change.base?.title ?? '';
  const footer = (
    <>
      <Button onClick={() => void store.resolve(change.seq, null, theirs)}>{t(theirs ? 'todo.conflict.keep' : 'ui.action.close')}</Button>
      {theirs && (
        <Button look="danger" onClick={() => void store.resolve(change.seq, change.intent, theirs)}>
          {t('todo.conflict.deleteAnyway')}
        </Button>
      )}
    </>
  );
  return (
    <Dialog open onClose={onLater} title={t('todo.conflict.title')} size="small" footer={footer}>
      <p>{t(theirs ? 'todo.conflict.changedBeforeDelete' : 'todo.conflict.gone', { title })}</p>
    </Dialog>
  );
}
