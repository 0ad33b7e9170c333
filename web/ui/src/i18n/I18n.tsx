import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type Catalogues, chooseLocale, directionOf, Language, type Translate } from './catalogue.ts';
import type { Formats } from './format.ts';
import { de as uiDe } from './texts.de.ts';
import { en as uiEn } from './texts.en.ts';

export interface I18n {
  readonly locale: string;
  readonly t: Translate;
  readonly has: (key: string) => boolean;
  readonly formats: Formats;
  readonly setLocale: (locale: string) => void;
}

const Context = createContext<I18n | null>(null);
const storageKey = 'slipway.locale';

export interface I18nProviderProps {
  /** The page's own texts by language; those of the design system are added here. */
  readonly catalogues: Catalogues;
  readonly locale?: string;
  readonly timeZone?: string;
  readonly children: ReactNode;
}

export function I18nProvider({ catalogues, locale: fixed, timeZone, children }: I18nProviderProps) {
  const [chosen, setChosen] = useState(() => fixed ?? preferredLocale(Object.keys(catalogues)));
  const value = useMemo<I18n>(() => {
    const language = new Language(chosen, withOwnTexts(catalogues), 'en', timeZone, fixed ? undefined : regionOf(chosen));
    return {
      locale: chosen,
      t: language.text,
      has: (key) => language.has(key),
      formats: language.formats,
      setLocale: (next) => {
        remember(next);
        setChosen(next);
      },
    };
  }, [chosen, catalogues, timeZone, fixed]);

  useEffect(() => {
    document.documentElement.lang = chosen;
    document.documentElement.dir = directionOf(chosen);
  }, [chosen]);

  return <Context value={value}>{children}</Context>;
}

export function useI18n(): I18n {
  const value = useContext(Context);
  if (!value) throw new Error('useI18n needs an I18nProvider above it');
  return value;
}

function withOwnTexts(catalogues: Catalogues): Catalogues {
  return {
    ...catalogues,
    en: { ...uiEn, ...catalogues.en },
    de: { ...uiDe, ...catalogues.de },
  };
}

function preferredLocale(available: readonly string[]): string {
  const asked = new URLSearchParams(window.location.search).get('locale');
  const wanted = [asked, stored(), ...navigator.languages].filter((locale): locale is string => Boolean(locale));
  return chooseLocale(wanted, available, 'en');
}

/** `de-AT` for somebody from Austria who reads German: months and numbers are written as at home. */
function regionOf(locale: string): string | undefined {
  return navigator.languages.find((candidate) => candidate.startsWith(`${locale}-`));
}

function stored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function remember(locale: string): void {
  try {
    localStorage.setItem(storageKey, locale);
  } catch {
    // A browser that forbids storage still gets the language for this visit.
  }
}
