import { Banner, ErrorSummary } from '@slipway/ui';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import type { Mistake } from './form.ts';

export interface FormShellProps {
  readonly form: { readonly summary: readonly Mistake[]; readonly failure: string | null; readonly attempt: number };
  readonly onSubmit: (event: FormEvent) => void;
  readonly label: string;
  readonly children: ReactNode;
}

/** What went wrong stands above the form and takes the focus, so that nobody has to look for it. */
export function FormShell({ form, onSubmit, label, children }: FormShellProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (form.failure && form.attempt > 0) box.current?.focus();
  }, [form.failure, form.attempt]);
  return (
    <form className="stack" noValidate aria-label={label} onSubmit={onSubmit}>
      <ErrorSummary errors={form.summary} attempt={form.attempt} />
      {form.failure && (
        <div ref={box} tabIndex={-1} className="form-failure">
          <Banner tone="danger">{form.failure}</Banner>
        </div>
      )}
      {children}
    </form>
  );
}
