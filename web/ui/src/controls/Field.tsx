import { type ReactNode, useId } from 'react';
import { useI18n } from '../i18n/I18n.tsx';

export interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
  readonly required?: boolean;
}

export interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | null;
  /** Forms mark what is optional; most of what we ask for is needed. */
  readonly optional?: boolean;
  readonly required?: boolean;
  readonly id?: string;
  /** For a label that only screen readers need, as in a search box with an icon. */
  readonly hideLabel?: boolean;
  readonly children: (ids: FieldIds) => ReactNode;
}

/** A label above, a hint below it, the mistake in words beside the control, all tied together for screen readers. */
export function Field({ label, hint, error, optional, required, id: given, hideLabel, children }: FieldProps) {
  const { t } = useI18n();
  const made = useId();
  const id = given ?? made;
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className="field" data-invalid={error ? true : undefined}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : undefined}>
        {label}
        {optional && <span className="field-optional"> {t('ui.field.optional')}</span>}
      </label>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
        required: required || undefined,
      })}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
