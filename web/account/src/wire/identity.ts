import { createApi, type QueryValue } from '@slipway/ui';
import type {
  Account,
  AdminUser,
  ApiKey,
  AuditEntry,
  ConnectedProgram,
  ConsentQuestion,
  Consents,
  CreatedApiKey,
  Device,
  EmailState,
  Erasure,
  IdentitySession,
  Page,
  Passkey,
  PasskeyQuestion,
  SignInAnswer,
  TwoFactorSetup,
  TwoFactorState,
} from './types.ts';

let csrfToken: string | null = null;
let onEnded: () => void = () => undefined;

/** The token proves that a change comes from a page of ours; it is renewed with every session. */
export function keepToken(token: string | null): void {
  csrfToken = token;
}

export function whenSessionEnds(run: () => void): void {
  onEnded = run;
}

const options = { csrfToken: () => csrfToken, language: () => document.documentElement.lang || 'en' };

/** For calls by somebody who is not signed in: a refusal there is an answer, not the end of a session. */
const outside = createApi(options);
const inside = createApi({ ...options, onUnauthenticated: () => onEnded() });

const post = (body: unknown = {}) => ({ method: 'POST', body }) as const;
const account = '/api/v1/account';

export const identity = {
  session: () => outside<IdentitySession>('/api/v1/session'),
  signIn: (email: string, password: string) => outside<SignInAnswer>('/api/v1/session', post({ email, password })),
  secondFactor: (challengeId: string, proof: { code: string } | { recoveryCode: string }) =>
    outside<SignInAnswer>('/api/v1/session/two-factor', post({ challengeId, ...proof })),
  passkeySignIn: () => outside<PasskeyQuestion>('/api/v1/session/passkey/options', post()),
  provePasskey: (challengeId: string, credential: unknown) =>
    outside<SignInAnswer>('/api/v1/session/passkey', post({ challengeId, credential })),
  signOut: () => outside<void>('/api/v1/session', { method: 'DELETE' }),

  register: (registration: Registration) => outside<void>('/api/v1/registrations', post(registration)),
  confirm: (token: string) => outside<void>('/api/v1/registrations/confirm', post({ token })),
  resend: (email: string) => outside<void>('/api/v1/registrations/resend', post({ email })),
  forgot: (email: string) => outside<void>('/api/v1/password-resets', post({ email })),
  confirmEmail: (token: string) => outside<void>('/api/v1/email-changes/confirm', post({ token })),
  reset: (token: string, newPassword: string) => outside<void>('/api/v1/password-resets/confirm', post({ token, newPassword })),

  account: () => inside<Account>(account),
  changeAccount: (changes: Readonly<Record<string, string | null>>, version: number) =>
    inside<Account>(account, { method: 'PATCH', body: changes, ifMatch: version }),
  changePassword: (currentPassword: string, newPassword: string) =>
    inside<void>(`${account}/password`, { method: 'PUT', body: { currentPassword, newPassword } }),

  email: () => inside<EmailState>(`${account}/email`),
  changeEmail: (email: string, password: string) => inside<void>(`${account}/email`, post({ email, password })),
  withdrawEmail: () => inside<void>(`${account}/email`, { method: 'DELETE' }),

  passkeys: () => inside<Page<Passkey>>(`${account}/passkeys`),
  newPasskey: () => inside<PasskeyQuestion>(`${account}/passkeys/options`, post()),
  addPasskey: (challengeId: string, credential: unknown, name: string) =>
    inside<Passkey>(`${account}/passkeys`, post({ challengeId, credential, name })),
  renamePasskey: (id: string, name: string) =>
    inside<Passkey>(`${account}/passkeys/${encodeURIComponent(id)}`, { method: 'PATCH', body: { name } }),
  removePasskey: (id: string) => inside<void>(`${account}/passkeys/${encodeURIComponent(id)}`, { method: 'DELETE' }),

  twoFactor: () => inside<TwoFactorState>(`${account}/two-factor`),
  setUpTwoFactor: () => inside<TwoFactorSetup>(`${account}/two-factor`, post()),
  confirmTwoFactor: (code: string) => inside<TwoFactorState>(`${account}/two-factor/confirm`, post({ code })),
  removeTwoFactor: (password: string, code: string) =>
    inside<void>(`${account}/two-factor`, { method: 'DELETE', body: { password, code } }),
  newRecoveryCodes: () => inside<{ recoveryCodes: readonly string[] }>(`${account}/two-factor/recovery-codes`, post()),

  devices: () => inside<Page<Device>>(`${account}/sessions`),
  endDevice: (id: string) => inside<void>(`${account}/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' }),

  apiKeys: () => inside<Page<ApiKey>>(`${account}/api-keys`),
  createApiKey: (key: { name: string; scopes: readonly string[]; expiresInDays: number }) =>
    inside<CreatedApiKey>(`${account}/api-keys`, post(key)),
  deleteApiKey: (id: string) => inside<void>(`${account}/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' }),

  consent: (query: string) => inside<ConsentQuestion>(`/api/v1/oauth/consent${query}`),
  decide: (query: string, allow: boolean) => inside<{ location: string }>('/api/v1/oauth/consent', post({ query, allow })),
  programs: () => inside<Page<ConnectedProgram>>(`${account}/programs`),
  withdraw: (id: string) => inside<void>(`${account}/programs/${encodeURIComponent(id)}`, { method: 'DELETE' }),

  exportUrl: `${account}/export`,
  consents: () => inside<Consents>(`${account}/consents`),
  agreeToMarketing: (marketingConsent: boolean) => inside<Consents>(`${account}/consents`, { method: 'PUT', body: { marketingConsent } }),
  erase: (password: string) => inside<Erasure>(`${account}/erasure`, post({ password })),
  keepAccount: (proof: Readonly<Record<string, string>>) => outside<void>(`${account}/erasure`, { method: 'DELETE', body: proof }),
  activity: (cursor: string | null) => inside<Page<AuditEntry>>(`${account}/activity`, { query: { cursor } }),

  users: (q: string, cursor: string | null) => inside<Page<AdminUser>>('/api/v1/admin/users', { query: { q, cursor } }),
  user: (id: string) => inside<AdminUser>(`/api/v1/admin/users/${encodeURIComponent(id)}`),
  changeUser: (id: string, changes: Readonly<Record<string, unknown>>, version: number) =>
    inside<AdminUser>(`/api/v1/admin/users/${encodeURIComponent(id)}`, { method: 'PATCH', body: changes, ifMatch: version }),
  audit: (query: Readonly<Record<string, QueryValue>>) => inside<Page<AuditEntry>>('/api/v1/admin/audit', { query }),
};

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly gdprConsent: boolean;
  readonly marketingConsent: boolean;
  readonly locale: string;
}
