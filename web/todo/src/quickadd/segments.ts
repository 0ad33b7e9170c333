import type { Span } from '../contract/types.ts';

export interface Segment {
  readonly start: number;
  readonly text: string;
  readonly kind: string | null;
}

/** Cuts the typed text along what was understood; spans that overlap or reach outside are ignored, never guessed. */
export function toSegments(text: string, spans: readonly Span[]): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const end = span.start + span.length;
    if (span.start < at || span.length <= 0 || end > text.length) continue;
    if (span.start > at) segments.push({ start: at, text: text.slice(at, span.start), kind: null });
    segments.push({ start: span.start, text: text.slice(span.start, end), kind: span.kind });
    at = end;
  }
  if (at < text.length) segments.push({ start: at, text: text.slice(at), kind: null });
  return segments;
}
