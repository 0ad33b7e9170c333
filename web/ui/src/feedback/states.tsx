import type { ReactNode } from 'react';
import { explain, traceOf } from '../api/explain.ts';
import { Button } from '../controls/Button.tsx';
import { Icon, type IconName } from '../controls/Icon.tsx';
import { useI18n } from '../i18n/I18n.tsx';

export interface BannerProps {
  readonly tone?: 'info' | 'success' | 'warning' | 'danger';
  readonly icon?: IconName;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Tone is said by icon and words as well; colour alone reaches not everybody. */
export function Banner({ tone = 'info', icon, title, children, action }: BannerProps) {
  const shown = icon ?? (tone === 'success' ? 'done' : tone === 'info' ? 'info' : 'warning');
  return (
    <div className="banner" data-tone={tone} role={tone === 'danger' ? 'alert' : undefined}>
      <Icon name={shown} />
      <div className="banner-text">
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
      {action && <div className="banner-action">{action}</div>}
    </div>
  );
}

/** The shape of what is coming. Screen readers hear that it is loading, once. */
export function Skeleton({ lines = 3, label }: { readonly lines?: number; readonly label?: string }) {
  const { t } = useI18n();
  return (
    <div className="skeleton" role="status">
      <span className="sr-only">{label ?? t('ui.loading')}</span>
      {Array.from({ length: lines }, (_, index) => (
        // Placeholder lines have no identity.
        <span key={index} className="skeleton-line" data-step={index % 3} aria-hidden="true" />
      ))}
    </div>
  );
}

export interface EmptyStateProps {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** 1 when this is all there is on the page. */
  readonly level?: 1 | 2;
}

export function EmptyState({ icon, title, children, action, level = 2 }: EmptyStateProps) {
  const Heading = `h${level}` as const;
  return (
    <div className="empty">
      {icon && <Icon name={icon} size={28} />}
      <Heading>{title}</Heading>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

export interface ErrorStateProps {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** Says what happened in the reader's words, the id under which the server recorded it, and what to do now. */
export function ErrorState({ error, title, onRetry }: ErrorStateProps) {
  const i18n = useI18n();
  const trace = traceOf(error);
  return (
    <div className="empty" role="alert">
      <Icon name="warning" size={28} />
      <h2>{title ?? i18n.t('ui.error.title')}</h2>
      <p>{explain(error, i18n)}</p>
      {trace && (
        <p className="trace">
          {i18n.t('ui.error.trace')} <code>{trace}</code>
        </p>
      )}
      {onRetry && <Button onClick={onRetry}>{i18n.t('ui.action.retry')}</Button>}
    </div>
  );
}
