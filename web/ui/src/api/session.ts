import type { Api } from './client.ts';

/** What `GET /session` of a backend for frontend answers. */
export interface BrowserSession {
  readonly authenticated: boolean;
  readonly user?: SessionUser;
  readonly csrfToken?: string;
  readonly expiresAt?: string;
}

export interface SessionUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** Keeps the one thing scripts may know of a session: who it is and the token that proves a request came from this page. */
export class SessionHolder {
  #current: BrowserSession = { authenticated: false };
  readonly #listeners = new Set<() => void>();

  get current(): BrowserSession {
    return this.#current;
  }

  readonly csrfToken = (): string | null => this.#current.csrfToken ?? null;

  set(session: BrowserSession): void {
    this.#current = session;
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async load(api: Api, path = '/session'): Promise<BrowserSession> {
    this.set(await api<BrowserSession>(path));
    return this.#current;
  }
}

export function signInUrl(returnTo: string, screen?: 'register'): string {
  const query = new URLSearchParams({ returnTo });
  if (screen) query.set('screen', screen);
  return `/session/sign-in?${query}`;
}
