/**
 * The part of ICU MessageFormat that the product's texts need: `{name}`, `{n, number}`, `{d, date, short}`,
 * `{n, plural, =0 {…} one {…} other {# …}}`, `{x, select, a {…} other {…}}` and quoting with apostrophes.
 */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'count' }
  | { kind: 'value'; name: string; format?: string; style?: string }
  | { kind: 'plural' | 'select'; name: string; branches: ReadonlyMap<string, readonly Part[]> };

export type Values = Readonly<Record<string, string | number | Date | null | undefined>>;

export class MessageSyntaxError extends Error {
  constructor(message: string, source: string, at: number) {
    super(`${message} at ${at} in “${source}”`);
    this.name = 'MessageSyntaxError';
  }
}

export function parseMessage(source: string): readonly Part[] {
  const reader = { source, at: 0 };
  const parts = readParts(reader, false, false);
  if (reader.at < source.length) throw new MessageSyntaxError('Unexpected }', source, reader.at);
  return parts;
}

interface Reader {
  readonly source: string;
  at: number;
}

function readParts(reader: Reader, nested: boolean, inPlural: boolean): Part[] {
  const parts: Part[] = [];
  let text = '';
  const flush = () => {
    if (text) parts.push({ kind: 'text', text });
    text = '';
  };
  while (reader.at < reader.source.length) {
    const next = reader.source.charAt(reader.at);
    if (next === '}' && nested) break;
    if (next === '}') break;
    if (next === "'") {
      text += readQuoted(reader);
    } else if (next === '#' && inPlural) {
      flush();
      parts.push({ kind: 'count' });
      reader.at++;
    } else if (next === '{') {
      flush();
      parts.push(readArgument(reader));
    } else {
      text += next;
      reader.at++;
    }
  }
  flush();
  return parts;
}

/** An apostrophe quotes only when a brace or # follows, so that ordinary English needs no doubling. */
function readQuoted(reader: Reader): string {
  const after = reader.source.charAt(reader.at + 1);
  if (after === "'") {
    reader.at += 2;
    return "'";
  }
  if (after !== '{' && after !== '}' && after !== '#') {
    reader.at++;
    return "'";
  }
  const end = reader.source.indexOf("'", reader.at + 1);
  const quoted = reader.source.slice(reader.at + 1, end < 0 ? undefined : end);
  reader.at = end < 0 ? reader.source.length : end + 1;
  return quoted;
}

function readArgument(reader: Reader): Part {
  expect(reader, '{');
  const name = readWord(reader);
  if (take(reader, '}')) return { kind: 'value', name };
  expect(reader, ',');
  const format = readWord(reader);
  if (format === 'plural' || format === 'select') {
    expect(reader, ',');
    return { kind: format, name, branches: readBranches(reader, format === 'plural') };
  }
  if (take(reader, '}')) return { kind: 'value', name, format };
  expect(reader, ',');
  const style = readWord(reader);
  expect(reader, '}');
  return { kind: 'value', name, format, style };
}

function readBranches(reader: Reader, plural: boolean): Map<string, readonly Part[]> {
  const branches = new Map<string, readonly Part[]>();
  while (!take(reader, '}')) {
    const key = readWord(reader);
    expect(reader, '{');
    branches.set(key, readParts(reader, true, plural));
    expect(reader, '}', false);
  }
  if (!branches.has('other')) throw new MessageSyntaxError('Missing branch other', reader.source, reader.at);
  return branches;
}

function readWord(reader: Reader): string {
  skipSpace(reader);
  const start = reader.at;
  while (reader.at < reader.source.length && !/[\s{},]/.test(reader.source.charAt(reader.at))) reader.at++;
  if (start === reader.at) throw new MessageSyntaxError('Expected a name', reader.source, reader.at);
  return reader.source.slice(start, reader.at);
}

function take(reader: Reader, wanted: string): boolean {
  skipSpace(reader);
  if (reader.source.charAt(reader.at) !== wanted) return false;
  reader.at++;
  return true;
}

function expect(reader: Reader, wanted: string, spaceAllowed = true): void {
  if (spaceAllowed) skipSpace(reader);
  if (reader.source.charAt(reader.at) !== wanted) {
    throw new MessageSyntaxError(`Expected ${wanted}`, reader.source, reader.at);
  }
  reader.at++;
}

function skipSpace(reader: Reader): void {
  while (/\s/.test(reader.source.charAt(reader.at))) reader.at++;
}
