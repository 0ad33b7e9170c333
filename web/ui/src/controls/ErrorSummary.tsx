import { useEffect, useRef } from 'react';
import { useI18n } from '../i18n/I18n.tsx';

export interface ErrorSummaryProps {
  /** Field id → what is wrong, in the order of the form. */
  readonly errors: readonly { readonly fieldId: string; readonly label: string; readonly message: string }[];
  /** Grows with every attempt to submit, so that focus returns here each time. */
  readonly attempt: number;
}

/** After a refused submit focus comes here, and each line leads to its field. */
export function ErrorSummary({ errors, attempt }: ErrorSummaryProps) {
  const { t } = useI18n();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (attempt > 0) box.current?.focus();
  }, [attempt]);
  if (errors.length === 0) return null;
  return (
    <div className="error-summary" ref={box} tabIndex={-1} role="alert">
      <h2>{t('ui.form.summary', { count: errors.length })}</h2>
      <ul>
        {errors.map((error) => (
          <li key={error.fieldId}>
            <a
              href={`#${error.fieldId}`}
              onClick={(event) => {
                event.preventDefault();
                document.getElementById(error.fieldId)?.focus();
              }}
            >
              {error.label}: {error.message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
