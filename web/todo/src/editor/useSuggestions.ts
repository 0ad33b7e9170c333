import { useEffect, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';

export interface Suggestions {
  readonly tags: readonly string[];
  readonly categories: readonly string[];
}

/** Words used before. A help for typing: when it does not arrive, typing works as well. */
export function useSuggestions(): Suggestions {
  const client = useClient();
  const [known, setKnown] = useState<Suggestions>({ tags: [], categories: [] });
  useEffect(() => {
    let gone = false;
    Promise.all([client.tags(), client.categories()]).then(
      ([tags, categories]) => {
        if (!gone) setKnown({ tags: tags.items.map((item) => item.name), categories: categories.items.map((item) => item.name) });
      },
      () => {},
    );
    return () => {
      gone = true;
    };
  }, [client]);
  return known;
}
