import { announce, Banner, Button, Field, type I18n, Select, Table, useI18n } from '@slipway/ui';
import { type FormEvent, useRef, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import { newId } from '../contract/ids.ts';
import type { ImportReport } from '../contract/types.ts';
import { useStore, useTodoState } from '../store/StoreContext.tsx';
import { contentTypeOf, fileBytesMax } from './formats.ts';
import { ImportFailure } from './ImportFailure.tsx';

export function ImportPanel() {
  const i18n = useI18n();
  const { t, formats } = i18n;
  const client = useClient();
  const store = useStore();
  const { lists } = useTodoState();
  const [file, setFile] = useState<File | null>(null);
  const [listId, setListId] = useState('');
  const [mistake, setMistake] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [report, setReport] = useState<ImportReport | null>(null);
  const [busy, setBusy] = useState(false);
  const key = useRef(newId());

  const choose = (chosen: File | null) => {
    key.current = newId();
    setFile(chosen);
    setReport(null);
    setFailure(null);
    setMistake(
      chosen && !contentTypeOf(chosen.name)
        ? t('todo.import.wrongKind')
        : chosen && chosen.size > fileBytesMax
          ? t('todo.import.tooBig')
          : null,
    );
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const type = file ? contentTypeOf(file.name) : null;
    if (!file || !type || mistake) {
      setMistake(mistake ?? t('todo.import.choose'));
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      const result = await client.import(file, type, listId || undefined, key.current);
      setReport(result);
      announce(t('todo.import.done', { count: result.accepted }));
      void store.loadLists().catch(() => {});
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  };

  return (
    <section className="panel">
      <h2>{t('todo.import.title')}</h2>
      <p>{t('todo.import.text')}</p>
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <div className="pair">
          <Field label={t('todo.import.file')} error={mistake}>
            {(ids) => (
              <input
                {...ids}
                type="file"
                className="input"
                accept=".csv,.json,.ics,text/csv,application/json,text/calendar"
                onChange={(event) => choose(event.target.files?.[0] ?? null)}
              />
            )}
          </Field>
          <Select
            label={t('todo.import.list')}
            value={listId}
            onChange={setListId}
            options={[
              { value: '', label: t('todo.view.inbox') },
              ...[...lists.values()]
                .filter((list) => !list.inbox && list.role !== 'viewer')
                .map((list) => ({ value: list.id, label: list.name })),
            ]}
          />
        </div>
        <p>
          <Button type="submit" icon="upload" busy={busy}>
            {t('todo.import.start')}
          </Button>
        </p>
      </form>
      {failure !== null && <ImportFailure error={failure} />}
      {report && (
        <>
          <Banner tone={report.rejected.length > 0 ? 'warning' : 'success'} title={t('todo.import.done', { count: report.accepted })}>
            {report.rejected.length > 0 && t('todo.import.rejected', { count: report.rejected.length })}
          </Banner>
          {report.rejected.length > 0 && (
            <Table
              caption={t('todo.import.rejected.caption')}
              columns={[
                { id: 'row', header: t('todo.import.row'), cell: (line) => String(line.row), numeric: true },
                {
                  id: 'field',
                  header: t('todo.import.field'),
                  cell: (line) => formats.list(line.errors.map((error) => fieldName(error.pointer ?? '', i18n))),
                },
                {
                  id: 'reason',
                  header: t('todo.import.reason'),
                  cell: (line) => line.errors.map((error) => error.detail ?? error.code).join(' '),
                },
              ]}
              rows={report.rejected}
              rowKey={(line) => String(line.row)}
            />
          )}
        </>
      )}
    </section>
  );
}

/** `/due/date` → “Due”: the name people know from the form, else the one in the file. */
function fieldName(pointer: string, { t, has }: Pick<I18n, 't' | 'has'>): string {
  const field = pointer.split('/')[1] ?? '';
  return has(`todo.field.${field}`) ? t(`todo.field.${field}`) : field;
}
