/** By the name's ending, because browsers disagree about the types of calendar and table files. */
export function contentTypeOf(fileName: string): string | null {
  const ending = fileName.toLowerCase().split('.').at(-1);
  if (ending === 'csv') return 'text/csv';
  if (ending === 'json') return 'application/json';
  if (ending === 'ics') return 'text/calendar';
  return null;
}

export const fileBytesMax = 1_048_576;
