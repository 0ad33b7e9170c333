import type { Parsed, Priority, Span } from '../contract/types.ts';

const word = /(^|\s)([#@!])([\p{L}\p{N}][\p{L}\p{N}_\-/]*)/gu;
const levels: Readonly<Record<string, Priority>> = { high: 'high', medium: 'medium', low: 'low', '1': 'high', '2': 'medium', '3': 'low' };

/**
 * What can be understood without the server: tags, category and priority. Dates in words need the language service; until
 * it answers they stay in the title, where nothing is lost.
 */
export function parseLocally(text: string): Parsed {
  const tags: string[] = [];
  const spans: Span[] = [];
  let category: string | null = null;
  let priority: Priority = 'none';
  const title = text.replace(word, (whole: string, before: string, sign: string, value: string, at: number) => {
    const span = (kind: string) => spans.push({ start: at + before.length, length: sign.length + value.length, kind, text: sign + value });
    if (sign === '#') {
      if (!tags.includes(value)) tags.push(value);
      span('tag');
    } else if (sign === '@') {
      category = value;
      span('category');
    } else {
      const level = levels[value.toLowerCase()];
      if (!level) return whole;
      priority = level;
      span('priority');
    }
    return before;
  });
  return { title: title.replace(/\s+/g, ' ').trim(), due: null, recurrence: null, priority, tags, category, spans };
}
