/** What the identity service answers, as far as these pages read it. Enums are open: an unknown value is shown as it is. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly emailVerified?: boolean;
  readonly name?: string | null;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly role?: string;
  readonly twoFactorEnabled?: boolean;
}

export interface IdentitySession {
  readonly authenticated: boolean;
  readonly user?: User | null;
  readonly csrfToken?: string | null;
  readonly state?: string | null;
}

export interface SignInAnswer {
  readonly state: 'signedIn' | 'twoFactorRequired' | 'enrolTwoFactor';
  readonly challengeId?: string | null;
  readonly csrfToken?: string | null;
}

export interface Account extends User {
  readonly username?: string | null;
  readonly locale?: string;
  readonly createdAt: string;
  readonly lastLoginAt?: string | null;
  readonly version: number;
}

export interface Consents {
  readonly gdprConsent: boolean;
  readonly marketingConsent: boolean;
  readonly consentVersion?: string | null;
  readonly consentDate?: string | null;
}

/** The account is closed; with the token it can be opened again until it is due. */
export interface Erasure {
  readonly requestedAt: string;
  readonly dueAt: string;
  readonly withdrawToken: string;
}

export interface TwoFactorState {
  readonly enabled: boolean;
  /** Administrators cannot do without. */
  readonly mandatory: boolean;
  readonly recoveryCodesLeft: number;
}

export interface TwoFactorSetup {
  readonly secret: string;
  readonly otpauthUrl: string;
  readonly qrCodePng: string;
  readonly recoveryCodes: readonly string[];
}

export interface Device {
  readonly id: string;
  readonly current: boolean;
  readonly kind?: string;
  readonly clientId?: string;
  readonly network?: string | null;
  readonly userAgent?: string | null;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt?: string;
}

/** Where the account can be reached, and the address that was asked for and has not answered yet. */
export interface EmailState {
  readonly email: string;
  readonly emailVerified: boolean;
  readonly pending?: { readonly email: string; readonly expiresAt: string } | null;
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt?: string | null;
  readonly backedUp: boolean;
}

/** What the device is asked, in WebAuthn's own JSON. */
export interface PasskeyQuestion {
  readonly challengeId: string;
  readonly options: object;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt?: string | null;
}

export interface CreatedApiKey extends ApiKey {
  readonly key: string;
}

export interface AuditEntry {
  readonly id: string | number;
  readonly at: string;
  readonly actor: { readonly type: string; readonly id: string };
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string };
  readonly reason?: string | null;
  readonly network?: string | null;
}

export interface AdminUser extends User {
  readonly active: boolean;
  readonly role: string;
  readonly lockedUntil?: string | null;
  readonly lastLoginAt?: string | null;
  readonly loginCount?: number;
  readonly createdAt: string;
  readonly version: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly page?: { readonly next?: string | null };
}

export interface ConsentQuestion {
  readonly client: { readonly id: string; readonly name: string; readonly returnsTo: string };
  readonly email: string;
  readonly scopes: readonly string[];
}

/** A program of somebody else's that may act for the person. */
export interface ConnectedProgram {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly grantedAt: string;
}
