import { Button, Dialog, explain, explainFinding, Input, navigate, ProblemError, useI18n } from '@slipway/ui';
import { type FormEvent, useId, useRef, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import { newId } from '../contract/ids.ts';
import type { List } from '../contract/types.ts';
import { useStore } from '../store/StoreContext.tsx';
import { listColors, nearestColor } from '../views/ColorDot.tsx';

const nameMax = 100;

/** A new list, or another name and colour for one. */
export function ListDialog({ list, onClose }: { readonly list?: List; readonly onClose: () => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const client = useClient();
  const store = useStore();
  const formId = useId();
  const [name, setName] = useState(list?.name ?? '');
  const [color, setColor] = useState<string>(list ? nearestColor(list.color) : 'teal');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // One key until the server has answered, however often the button is pressed.
  const key = useRef(newId());

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) {
      setError(t('ui.field.required'));
      return;
    }
    setBusy(true);
    try {
      if (list) {
        const { body } = await client.changeList(list, { name: name.trim(), color });
        store.putList(body);
      } else {
        const made = await client.createList(name.trim(), color, key.current);
        store.putList(made);
        navigate(`/lists/${made.id}`);
      }
      onClose();
    } catch (reason) {
      const finding = reason instanceof ProblemError ? reason.byField.get('name') : undefined;
      setError(finding ? explainFinding(finding, i18n) : explain(reason, i18n));
      if (reason instanceof ProblemError) {
        key.current = newId();
        if (reason.isConflict) void store.loadLists();
      }
      setBusy(false);
    }
  };
  const footer = (
    <>
      <Button look="quiet" onClick={onClose}>
        {t('ui.action.cancel')}
      </Button>
      <Button type="submit" form={formId} look="primary" busy={busy}>
        {t(list ? 'todo.editor.save' : 'todo.list.create')}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={t(list ? 'todo.list.edit' : 'todo.list.new')} size="small" footer={footer}>
      <form id={formId} className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <Input
          label={t('todo.list.name')}
          data-autofocus
          value={name}
          maxLength={nameMax}
          error={error}
          autoComplete="off"
          onChange={setName}
        />
        <fieldset className="swatches">
          <legend>{t('todo.list.color')}</legend>
          {listColors.map((option) => (
            <label key={option.name} title={t(`todo.color.${option.name}`)}>
              <input type="radio" name="color" className="sr-only" checked={color === option.name} onChange={() => setColor(option.name)} />
              <span className="color-dot" data-color={option.name} aria-hidden="true" />
              <span className="sr-only">{t(`todo.color.${option.name}`)}</span>
            </label>
          ))}
        </fieldset>
      </form>
    </Dialog>
  );
}
