const accents: Readonly<Record<string, string>> = {
  a: 'á',
  b: 'ƀ',
  c: 'ç',
  d: 'đ',
  e: 'é',
  f: 'ƒ',
  g: 'ĝ',
  h: 'ĥ',
  i: 'î',
  j: 'ĵ',
  k: 'ķ',
  l: 'ļ',
  m: 'ɱ',
  n: 'ñ',
  o: 'ö',
  p: 'þ',
  q: 'ǫ',
  r: 'ŕ',
  s: 'š',
  t: 'ţ',
  u: 'û',
  v: 'ṽ',
  w: 'ŵ',
  x: 'ẋ',
  y: 'ý',
  z: 'ž',
  A: 'Å',
  E: 'É',
  I: 'Î',
  O: 'Ö',
  U: 'Û',
  S: 'Š',
  T: 'Ţ',
  N: 'Ñ',
  C: 'Ç',
};

/**
 * A language nobody speaks, which shows three mistakes at a glance: text that never went through a catalogue (it stays plain),
 * boxes that are too small for longer languages (it is a third longer), and fonts or sorting that only know ASCII.
 */
export function pseudo(text: string): string {
  const accented = [...text].map((letter) => accents[letter] ?? letter).join('');
  const padding = '·'.repeat(Math.ceil(text.trim().length / 3));
  return text.trim() ? `⟦${accented}${padding}⟧` : text;
}
