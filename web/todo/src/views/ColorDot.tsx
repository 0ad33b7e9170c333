/** Lists keep a colour as `#rrggbb`; the page shows the nearest of its own, which all read well by day and by night. */
export const listColors = [
  { name: 'slate', value: '#64748b' },
  { name: 'red', value: '#c2410c' },
  { name: 'amber', value: '#b7791f' },
  { name: 'green', value: '#2f855a' },
  { name: 'teal', value: '#0f766e' },
  { name: 'blue', value: '#2563eb' },
  { name: 'violet', value: '#7c3aed' },
  { name: 'pink', value: '#be185d' },
] as const;

export function nearestColor(value: string | null): string {
  const wanted = channels(value ?? '');
  if (!wanted) return listColors.find((color) => color.name === value)?.name ?? 'slate';
  let best: { name: string; distance: number } = { name: 'slate', distance: Number.POSITIVE_INFINITY };
  for (const color of listColors) {
    const own = channels(color.value) ?? [0, 0, 0];
    const distance = own.reduce((sum, channel, index) => sum + (channel - (wanted[index] ?? 0)) ** 2, 0);
    if (distance < best.distance) best = { name: color.name, distance };
  }
  return best.name;
}

function channels(value: string): readonly number[] | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(value);
  return match ? match.slice(1).map((part) => Number.parseInt(part, 16)) : null;
}

export function ColorDot({ color }: { readonly color: string | null }) {
  return <span className="color-dot" data-color={nearestColor(color)} aria-hidden="true" />;
}
