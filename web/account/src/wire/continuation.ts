/**
 * Where a sign-in leads. Only addresses of this very host are followed: a link that someone sends must not be able to hand a person who
 * has just signed in to another site.
 */
export function safeContinuation(given: string | null, origin = window.location.origin): string | null {
  if (!given?.startsWith('/') || given.startsWith('//') || given.includes('\\') || hasControl(given)) return null;
  try {
    const url = new URL(given, origin);
    return url.origin === origin ? url.pathname + url.search : null;
  } catch {
    return null;
  }
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character.charCodeAt(0) < 0x20);
}

export function withContinuation(path: string, continuation: string | null): string {
  return continuation ? `${path}?${new URLSearchParams({ continue: continuation })}` : path;
}

const storageKey = 'slipway.continue';
const keptMs = 60 * 60_000;

/** The link in the mail opens a new tab, which knows nothing of where this one wanted to go. */
export function rememberContinuation(continuation: string | null, now = Date.now()): void {
  try {
    if (continuation) localStorage.setItem(storageKey, JSON.stringify({ to: continuation, until: now + keptMs }));
  } catch {
    // Without storage the person signs in and goes back to the app by hand.
  }
}

export function rememberedContinuation(now = Date.now()): string | null {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? 'null') as { to?: unknown; until?: unknown } | null;
    if (!kept || typeof kept.to !== 'string' || typeof kept.until !== 'number' || kept.until < now) return null;
    return safeContinuation(kept.to);
  } catch {
    return null;
  }
}

export function forgetContinuation(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept either.
  }
}
