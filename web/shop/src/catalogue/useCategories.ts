import { useI18n } from '@slipway/ui';
import { useMemo } from 'react';
import { useShop } from '../session/SessionContext.tsx';
import { useLoad } from '@slipway/ui/load';
import type { Category, Product } from '../wire/types.ts';

export interface Categories {
  readonly all: readonly Category[];
  readonly nameOf: (slug: string) => string;
  readonly pathOf: (slug: string) => readonly string[];
}

/** What categories are called in the reader's language. Until the list is there, or without it, their short names do. */
export function useCategories(): Categories {
  const { locale } = useI18n();
  const { client } = useShop();
  const { data } = useLoad(() => client.categories(), 'categories');
  return useMemo(() => {
    const all = data ?? [];
    const bySlug = new Map(all.map((category) => [category.slug, category]));
    return {
      all,
      nameOf: (slug) => {
        const category = bySlug.get(slug);
        return (locale === 'de' && category?.german) || category?.name || slug;
      },
      pathOf: (slug) => bySlug.get(slug)?.path ?? [slug],
    };
  }, [data, locale]);
}

/** A product's words in the reader's language, where its vendor wrote them. */
export function useWords(): (product: Product) => { readonly name: string; readonly description: string } {
  const { locale } = useI18n();
  return useMemo(
    () => (product) => ({
      name: (locale === 'de' && product.german.name) || product.name,
      description: (locale === 'de' && product.german.description) || product.description,
    }),
    [locale],
  );
}
