import { Button, Icon, Link, useI18n } from '@slipway/ui';
import type { ReactNode } from 'react';
import { useActions, useOpenTodo, useTodo } from '../store/StoreContext.tsx';
import { asPriority, type Evidence, type Insights } from './findings.ts';

const shownMax = 8;

/** Every suggestion shows what it rests on and can be followed with one press, or not. */
export function InsightsReport({ insights }: { readonly insights: Insights }) {
  const { t, has, formats } = useI18n();
  const { summary, productivity, sentiment } = insights;
  return (
    <div className="insights">
      {summary && <p className="lead">{summary.text}</p>}
      {productivity && (
        <dl className="numbers">
          <Figure label={t('todo.insights.open')} value={formats.number(productivity.open)} />
          <Figure label={t('todo.insights.completed')} value={formats.number(productivity.completed)} />
          <Figure label={t('todo.insights.completion')} value={formats.number(productivity.completionPercent / 100, 'percent')} />
          <Figure label={t('todo.insights.late')} value={formats.number(productivity.overduePercent / 100, 'percent')} />
        </dl>
      )}
      <Part title={t('todo.insights.overload')} items={insights.overload ?? []}>
        {(day) => (
          <li key={day.date}>
            <div>
              <strong>{formats.day(day.date, 'long')}</strong>
              <p>
                {t('todo.insights.overload.text', {
                  hours: day.minutes / 60,
                  limit: day.limit / 60,
                  count: day.todoIds.length,
                })}
              </p>
              <meter min={0} max={day.limit * 2} high={day.limit} value={day.minutes} aria-label={t('todo.insights.overload')} />
            </div>
            <Link className="button" data-look="quiet" to={`/all?as=calendar&month=${day.date.slice(0, 7)}`}>
              {t('todo.insights.showDay')}
            </Link>
          </li>
        )}
      </Part>
      <Part title={t('todo.insights.priorities')} items={insights.priorities ?? []}>
        {(finding) => <PrioritySuggestion key={finding.todoId} finding={finding} />}
      </Part>
      <Part title={t('todo.insights.categories')} items={insights.suggestedCategories ?? []}>
        {(finding) => <CategorySuggestion key={finding.todoId} finding={finding} />}
      </Part>
      <Part title={t('todo.insights.duplicates')} items={insights.duplicates ?? []}>
        {(finding) => (
          <li key={finding.todoIds.join()}>
            <div>
              {finding.todoIds.map((id) => (
                <TodoTitle key={id} id={id} />
              ))}
              <p className="evidence">
                {t('todo.insights.similarity', { share: finding.similarity })}{' '}
                {formats.list((finding.evidence ?? []).map((word) => t('todo.insights.quoted', { text: word })))}
              </p>
            </div>
          </li>
        )}
      </Part>
      <Part title={t('todo.insights.effort')} items={insights.effort ?? []}>
        {(finding) => (
          <li key={finding.todoId}>
            <div>
              <TodoTitle id={finding.todoId} />
              <EvidenceLine evidence={finding.evidence} />
            </div>
            <span className="figures">{t('todo.insights.minutes', { count: finding.minutes })}</span>
          </li>
        )}
      </Part>
      <Part title={t('todo.insights.topics')} items={insights.topics ?? []}>
        {(topic) => (
          <li key={topic.topic}>
            <div>
              <strong>{topic.topic}</strong>
              <EvidenceLine evidence={topic.evidence} />
            </div>
            <span>{t('todo.insights.count', { count: topic.todoIds.length })}</span>
          </li>
        )}
      </Part>
      <Part title={t('todo.insights.phrases')} items={insights.keyPhrases ?? []}>
        {(phrase) => (
          <li key={phrase.phrase}>
            <Link to={`/all?q=${encodeURIComponent(phrase.phrase)}`}>{phrase.phrase}</Link>
            <span>{t('todo.insights.count', { count: phrase.count })}</span>
          </li>
        )}
      </Part>
      {sentiment && (
        <section className="panel">
          <h2>{t('todo.insights.sentiment')}</h2>
          <p>{has(`todo.insights.sentiment.${sentiment.label}`) ? t(`todo.insights.sentiment.${sentiment.label}`) : sentiment.label}</p>
          <EvidenceLine evidence={sentiment.evidence} />
        </section>
      )}
      {insights.provider && <p className="trace">{t('todo.insights.provider', { provider: insights.provider })}</p>}
    </div>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Part<T>({
  title,
  items,
  children,
}: {
  readonly title: string;
  readonly items: readonly T[];
  readonly children: (item: T) => ReactNode;
}) {
  const { t } = useI18n();
  if (items.length === 0) return null;
  return (
    <section className="panel">
      <h2>{title}</h2>
      <ul className="findings">{items.slice(0, shownMax).map(children)}</ul>
      {items.length > shownMax && <p className="evidence">{t('todo.insights.more', { count: items.length - shownMax })}</p>}
    </section>
  );
}

function PrioritySuggestion({ finding }: { readonly finding: NonNullable<Insights['priorities']>[number] }) {
  const { t } = useI18n();
  const actions = useActions();
  const todo = useTodo(finding.todoId);
  const priority = asPriority(finding.priority);
  if (!todo || !priority || todo.completed) return null;
  return (
    <li>
      <div>
        <TodoTitle id={finding.todoId} />
        <p>{t('todo.insights.suggestion', { value: t(`todo.priority.${priority}`), confidence: finding.confidence })}</p>
        <EvidenceLine evidence={finding.evidence} />
      </div>
      <Apply done={todo.priority === priority} onApply={() => void actions.patch([todo], { priority })} />
    </li>
  );
}

function CategorySuggestion({ finding }: { readonly finding: NonNullable<Insights['suggestedCategories']>[number] }) {
  const { t } = useI18n();
  const actions = useActions();
  const todo = useTodo(finding.todoId);
  if (!todo) return null;
  return (
    <li>
      <div>
        <TodoTitle id={finding.todoId} />
        <p>{t('todo.insights.suggestion', { value: finding.category, confidence: finding.confidence })}</p>
        <EvidenceLine evidence={finding.evidence} />
      </div>
      <Apply done={todo.category === finding.category} onApply={() => void actions.patch([todo], { category: finding.category })} />
    </li>
  );
}

function Apply({ done, onApply }: { readonly done: boolean; readonly onApply: () => void }) {
  const { t } = useI18n();
  if (done) {
    return (
      <span className="applied">
        <Icon name="check" size={16} />
        {t('todo.insights.applied')}
      </span>
    );
  }
  return <Button onClick={onApply}>{t('todo.insights.apply')}</Button>;
}

function TodoTitle({ id }: { readonly id: string }) {
  const todo = useTodo(id);
  const { open } = useOpenTodo();
  if (!todo) return null;
  return (
    <button type="button" className="todo-open" onClick={() => open(id)}>
      <span className="todo-title">{todo.title}</span>
    </button>
  );
}

function EvidenceLine({ evidence }: { readonly evidence: readonly Evidence[] | undefined }) {
  const { t } = useI18n();
  if (!evidence || evidence.length === 0) return null;
  return (
    <p className="evidence">
      <span>{t('todo.insights.because')} </span>
      {evidence.slice(0, 4).map((item) => (
        <span key={`${item.todoId}${item.text}${item.why}`} className="evidence-item">
          {item.text && <mark>{item.text}</mark>} {item.why}
        </span>
      ))}
    </p>
  );
}
