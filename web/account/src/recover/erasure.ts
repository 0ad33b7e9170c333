import type { Erasure } from '../wire/types.ts';

const storageKey = 'slipway.erasure';

/** For this tab only: whoever has just closed the account may open it again with one press. */
export function rememberErasure(erasure: Erasure): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify({ token: erasure.withdrawToken, dueAt: erasure.dueAt }));
  } catch {
    // Without storage the way back is by e-mail address and password.
  }
}

export function rememberedErasure(): { readonly token: string; readonly dueAt: string } | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as { token?: unknown; dueAt?: unknown } | null;
    return kept && typeof kept.token === 'string' && typeof kept.dueAt === 'string' ? { token: kept.token, dueAt: kept.dueAt } : null;
  } catch {
    return null;
  }
}

export function forgetErasure(): void {
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept either.
  }
}
