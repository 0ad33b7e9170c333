import { explain, explainFinding, ProblemError, useI18n } from '@slipway/ui';
import { type FormEvent, useId, useRef, useState } from 'react';

export type FormValues = Readonly<Record<string, string>>;

/** The key of the text that says what is wrong, or null. */
export type Check<V> = (values: V) => string | null;

export interface Mistake {
  readonly fieldId: string;
  readonly label: string;
  readonly message: string;
}

/**
 * One form: values, mistakes beside their fields and in a summary, one submit at a time. A field is only judged when it has been left or
 * the form was sent, and what a person has typed is never lost.
 */
export function useForm<V extends FormValues>(initial: V, checks: { readonly [Name in keyof V]?: Check<V> }) {
  const i18n = useI18n();
  const prefix = useId();
  const [values, setValues] = useState(initial);
  const [mistakes, setMistakes] = useState<ReadonlyMap<string, string>>(new Map());
  const [failure, setFailure] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [busy, setBusy] = useState(false);
  const labels = useRef(new Map<string, string>());

  const judge = (name: keyof V): string | null => {
    const key = checks[name]?.(values);
    return key ? i18n.t(key) : null;
  };
  const mark = (name: string, message: string | null) =>
    setMistakes((all) => {
      const next = new Map(all);
      if (message) next.set(name, message);
      else next.delete(name);
      return next;
    });

  const field = <Name extends keyof V & string>(name: Name, label: string) => {
    labels.current.set(name, label);
    return {
      id: `${prefix}-${name}`,
      name,
      label,
      value: values[name] ?? '',
      error: mistakes.get(name) ?? null,
      onChange: (value: string) => {
        setValues((all) => ({ ...all, [name]: value }));
        // A mistake is taken back as soon as someone mends it; a new one waits until the field is left.
        if (mistakes.has(name)) mark(name, null);
      },
      onBlur: () => {
        if (values[name]) mark(name, judge(name));
      },
    };
  };

  /** Puts a refusal where it belongs: beside a field when the service named one, above the form otherwise. */
  const fail = (error: unknown, fieldOf: (path: string) => string = (path) => path) => {
    const found = new Map<string, string>();
    if (error instanceof ProblemError) {
      for (const [path, finding] of error.byField) {
        const name = fieldOf(path);
        if (labels.current.has(name) && !found.has(name)) found.set(name, explainFinding(finding, i18n));
      }
    }
    setMistakes(found);
    setFailure(found.size > 0 ? null : explain(error, i18n));
    setAttempt((count) => count + 1);
  };

  const submit = (send: (values: V) => Promise<void>, fieldOf?: (path: string) => string) => async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const found = new Map<string, string>();
    for (const name of Object.keys(checks)) {
      const message = judge(name);
      if (message) found.set(name, message);
    }
    setMistakes(found);
    setFailure(null);
    if (found.size > 0) {
      setAttempt((count) => count + 1);
      return;
    }
    setBusy(true);
    try {
      await send(values);
    } catch (error) {
      fail(error, fieldOf);
    } finally {
      setBusy(false);
    }
  };

  const summary: readonly Mistake[] = [...labels.current.entries()].flatMap(([name, label]) => {
    const message = mistakes.get(name);
    return message ? [{ fieldId: `${prefix}-${name}`, label, message }] : [];
  });
  const clear = (name: keyof V & string) => setValues((all) => ({ ...all, [name]: '' }));
  return { values, setValues, field, submit, fail, clear, busy, failure, attempt, summary };
}

export const required =
  <V extends FormValues>(name: keyof V & string): Check<V> =>
  (values) =>
    values[name]?.trim() ? null : 'ui.field.required';

export const emailAddress =
  <V extends FormValues>(name: keyof V & string): Check<V> =>
  (values) => {
    const text = values[name]?.trim();
    if (!text) return 'ui.field.required';
    return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : 'shop.mistake.email';
  };

/** An amount as people write it, or null. */
export function readAmount(given: string): number | null {
  const text = given.trim().replace(',', '.');
  return /^\d{1,7}(\.\d{1,2})?$/.test(text) ? Number(text) : null;
}
