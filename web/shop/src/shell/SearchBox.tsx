import { Icon, navigate, useI18n, useLocation } from '@slipway/ui';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useShop } from '../session/SessionContext.tsx';

const pauseMs = 160;
const suggestionsMax = 8;

/** The browser's own list of suggestions under the box: it needs no script to be used by keyboard or listened to. */
export function SearchBox() {
  const { t, locale } = useI18n();
  const german = locale === 'de';
  const { client } = useShop();
  const { path, search } = useLocation();
  const shown = path === '/' ? (new URLSearchParams(search).get('q') ?? '') : '';
  const [typed, setTyped] = useState(shown);
  const [suggestions, setSuggestions] = useState<readonly string[]>([]);
  const list = useId();
  const box = useRef<HTMLInputElement>(null);

  useEffect(() => setTyped(shown), [shown]);

  useEffect(() => {
    const wanted = typed.trim();
    if (wanted.length < 2 || wanted === shown || document.activeElement !== box.current) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      client.suggest(wanted, german, stop.signal).then(
        (found) => setSuggestions([...new Set(found)].slice(0, suggestionsMax)),
        () => undefined,
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [typed, shown, client, german]);

  useEffect(() => {
    const slash = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || target.closest('input, textarea, select, dialog')) return;
      event.preventDefault();
      box.current?.focus();
    };
    window.addEventListener('keydown', slash);
    return () => window.removeEventListener('keydown', slash);
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const q = typed.trim();
    navigate(q ? `/?q=${encodeURIComponent(q)}` : '/');
    setSuggestions([]);
    box.current?.blur();
  };
  return (
    <div className="shop-search" role="search">
      <form onSubmit={submit}>
        <label htmlFor="shop-search" className="sr-only">
          {t('shop.search.label')}
        </label>
        <input
          id="shop-search"
          ref={box}
          type="search"
          value={typed}
          list={list}
          maxLength={100}
          autoComplete="off"
          enterKeyHint="search"
          placeholder={t('shop.search.placeholder')}
          onChange={(event) => setTyped(event.target.value)}
        />
        <datalist id={list}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <button type="submit" aria-label={t('shop.search.submit')}>
          <Icon name="search" />
        </button>
      </form>
    </div>
  );
}
