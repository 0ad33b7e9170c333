import axe from 'axe-core';
import type { Catalogues } from '../i18n/catalogue.ts';
import { type Part, parseMessage } from '../i18n/message.ts';

/** What axe finds wrong, one line each, so that a failing test reads like a list of things to do. */
export async function accessibilityFindings(element: Element): Promise<readonly string[]> {
  const result = await axe.run(element, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    // jsdom has no layout, so colours cannot be judged here (the token test does that), nor can landmarks of a fragment.
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`);
}

/** Both languages must have the same keys, and each pair the same values and branches to choose by. */
export function catalogueFindings(catalogues: Catalogues): readonly string[] {
  const findings: string[] = [];
  const [first, ...others] = Object.entries(catalogues);
  if (!first) return ['no catalogue'];
  const [firstName, firstTexts] = first;
  for (const [name, texts] of others) {
    for (const key of new Set([...Object.keys(firstTexts), ...Object.keys(texts)])) {
      const left = firstTexts[key];
      const right = texts[key];
      if (left === undefined) findings.push(`${firstName} lacks ${key}`);
      else if (right === undefined) findings.push(`${name} lacks ${key}`);
      else if (argumentsOf(left) !== argumentsOf(right)) findings.push(`${key}: ${firstName} and ${name} use different values`);
    }
  }
  return findings;
}

function argumentsOf(message: string): string {
  const names = new Set<string>();
  const collect = (parts: readonly Part[]) => {
    for (const part of parts) {
      if ('name' in part) names.add(part.name);
      if ('branches' in part) for (const branch of part.branches.values()) collect(branch);
    }
  };
  collect(parseMessage(message));
  return [...names].sort().join(',');
}

export { literalFindings } from './literals.ts';
