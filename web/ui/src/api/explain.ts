import type { I18n } from '../i18n/I18n.tsx';
import type { Values } from '../i18n/message.ts';
import { type Finding, NoAnswerError, ProblemError } from './problem.ts';

/** What to tell a person: the page's own words for a known code, else the server's, which already speak the reader's language. */
export function explain(error: unknown, { t, has }: Pick<I18n, 't' | 'has'>): string {
  if (error instanceof ProblemError) {
    const values = (error.problem.args ?? {}) as Values;
    for (const key of [`problem.${error.code}`, `ui.problem.${error.code}`]) {
      if (has(key)) return t(key, values);
    }
    return error.problem.detail ?? error.problem.title;
  }
  if (error instanceof NoAnswerError) return t(error.reason === 'timeout' ? 'ui.error.timeout' : 'ui.error.network');
  return t('ui.error.unknown');
}

export function explainFinding(finding: Finding, { t, has }: Pick<I18n, 't' | 'has'>): string {
  const values = (finding.args ?? {}) as Values;
  for (const key of [`finding.${finding.code}`, `ui.finding.${finding.code}`]) {
    // A text with a blank where its number belongs would be worse than the server's own sentence.
    if (has(key) && (Object.keys(values).length > 0 || !/^too/.test(finding.code))) return t(key, values);
  }
  return finding.detail ?? t('ui.error.unknown');
}

export function traceOf(error: unknown): string | null {
  return error instanceof ProblemError ? (error.problem.traceId ?? error.problem.requestId ?? null) : null;
}
