import type { ReactNode } from 'react';
import { useI18n } from '../i18n/I18n.tsx';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly numeric?: boolean;
  readonly sortable?: boolean;
}

export interface TableProps<Row> {
  readonly caption: string;
  readonly hideCaption?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** `-name` sorts downwards, as in the API. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
}

/** The first column names the row. Wide tables scroll inside themselves, so the page never does. */
export function Table<Row>({ caption, hideCaption, columns, rows, rowKey, sort, onSort }: TableProps<Row>) {
  const { t } = useI18n();
  return (
    // A scrolling region must be reachable by keyboard.
    <section className="table-scroll" tabIndex={0} aria-label={caption}>
      <table className="table">
        <caption className={hideCaption ? 'sr-only' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => {
              const direction = sort === column.id ? 'ascending' : sort === `-${column.id}` ? 'descending' : undefined;
              return (
                <th key={column.id} scope="col" data-numeric={column.numeric || undefined} aria-sort={direction}>
                  {column.sortable && onSort ? (
                    <button type="button" onClick={() => onSort(direction === 'ascending' ? `-${column.id}` : column.id)}>
                      {column.header}
                      <span aria-hidden="true">{direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : '↕'}</span>
                      {direction && <span className="sr-only">{t(`ui.table.sort.${direction}`)}</span>}
                    </button>
                  ) : (
                    column.header
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.id} scope="row" data-numeric={column.numeric || undefined}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id} data-numeric={column.numeric || undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
