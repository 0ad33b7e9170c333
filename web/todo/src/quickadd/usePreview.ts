import { useI18n } from '@slipway/ui';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import type { Parsed } from '../contract/types.ts';
import { parseLocally } from './local.ts';

interface Preview {
  readonly text: string;
  readonly parsed: Parsed;
  /** Whether dates were looked for too. */
  readonly complete: boolean;
}

const typingPauseMs = 180;
const patienceMs = 1500;

export function usePreview(text: string): { readonly preview: Preview | null; readonly understand: (text: string) => Promise<Parsed> } {
  const client = useClient();
  const { locale } = useI18n();
  const language = locale.split('-')[0] ?? 'en';
  const [preview, setPreview] = useState<Preview | null>(null);
  const latest = useRef<Preview | null>(null);
  latest.current = preview;

  useEffect(() => {
    const wanted = text.trim();
    if (!wanted) {
      setPreview(null);
      return;
    }
    setPreview((before) =>
      before?.complete && before.text === wanted ? before : { text: wanted, parsed: parseLocally(wanted), complete: false },
    );
    if (!navigator.onLine) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      client.parse(wanted, language, abort.signal).then(
        (parsed) => setPreview({ text: wanted, parsed, complete: true }),
        () => {
          // The preview is a help; without it the todo is still written down.
        },
      );
    }, typingPauseMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, client, language]);

  /** Fast typists press Enter before the preview is there; they are waited for, but not for long. */
  const understand = useCallback(
    async (typed: string): Promise<Parsed> => {
      const wanted = typed.trim();
      const known = latest.current;
      if (known?.complete && known.text === wanted) return known.parsed;
      if (!navigator.onLine) return parseLocally(wanted);
      try {
        return await client.parse(wanted, language, AbortSignal.timeout(patienceMs));
      } catch {
        return parseLocally(wanted);
      }
    },
    [client, language],
  );

  return { preview, understand };
}
