import { useSearch } from '@slipway/ui';
import type { ReactNode } from 'react';
import type { ViewName } from '../contract/query.ts';
import { QuickAdd } from '../quickadd/QuickAdd.tsx';
import { useView } from '../store/StoreContext.tsx';
import { readQuery, readShape } from './address.ts';
import { Board } from './Board.tsx';
import { Calendar } from './Calendar.tsx';
import { FilterBar } from './FilterBar.tsx';
import { ListBody } from './ListBody.tsx';
import { ShapeSwitch } from './ShapeSwitch.tsx';

export interface TodoPageProps {
  readonly view: ViewName;
  readonly listId?: string;
  readonly title: string;
  readonly subtitle?: string | null;
  readonly mark?: ReactNode;
  readonly actions?: ReactNode;
  readonly readOnly?: boolean;
}

export function TodoPage({ view, listId, title, subtitle, mark, actions, readOnly }: TodoPageProps) {
  const [search] = useSearch();
  const query = readQuery(search, view, listId);
  const shape = view === 'trash' || view === 'completed' ? 'list' : readShape(search);
  const shown = useView(query);
  const writable = !readOnly && view !== 'trash' && view !== 'completed';
  return (
    <div className="page" data-shape={shape}>
      <header className="page-head">
        <div>
          <h1>
            {mark}
            {title}
          </h1>
          {subtitle && <p className="page-subtitle">{subtitle}</p>}
        </div>
        <div className="page-actions">
          {view !== 'trash' && view !== 'completed' && <ShapeSwitch shape={shape} />}
          {actions}
        </div>
      </header>
      {writable && <QuickAdd view={view} listId={listId} />}
      <FilterBar query={query} facets={shown.view?.facets ?? []} />
      {shape === 'board' && <Board query={query} shown={shown} readOnly={Boolean(readOnly)} />}
      {shape === 'calendar' && <Calendar query={query} readOnly={Boolean(readOnly)} />}
      {shape === 'list' && <ListBody query={query} shown={shown} readOnly={Boolean(readOnly)} />}
    </div>
  );
}
