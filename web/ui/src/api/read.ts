/** Looks into an answer without trusting its shape: what is missing reads as nothing, never as an exception in the middle of a page. */
export type Raw = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Raw => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {});

export const list = (value: unknown): readonly Raw[] => (Array.isArray(value) ? value.map(record) : []);

export const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

export const textOrNull = (value: unknown): string | null => text(value) || null;

export const number = (value: unknown): number => {
  const read = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : 0;
  return Number.isFinite(read) ? read : 0;
};

export const numberOrNull = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** Attributes such as colour or size; a number is written as it came. */
export const texts = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(record(value)).map(([name, one]) => [name, Array.isArray(one) ? one.map(text).join(', ') : text(one)] as const),
  );

/** Exact cents of a decimal amount: sums are made of these, so that 0.1 + 0.2 stays 0.3. */
export const minor = (amount: number): number => Math.round(amount * 100);
