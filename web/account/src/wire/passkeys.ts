import { identity } from './identity.ts';
import type { Passkey, PasskeyQuestion, SignInAnswer } from './types.ts';

/** Browsers that can turn our questions into WebAuthn's own form; older ones cannot, and are told so. */
export function knowsPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function';
}

/** The device made nothing: the person stopped it, it took too long, or it holds a passkey for this account already. */
export class PasskeyStopped extends Error {
  readonly known: boolean;

  constructor(known: boolean) {
    super(known ? 'known already' : 'stopped');
    this.known = known;
  }
}

export async function makePasskey(question: PasskeyQuestion, name: string): Promise<Passkey> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(question.options as PublicKeyCredentialCreationOptionsJSON);
  const credential = await asked(() => navigator.credentials.create({ publicKey }));
  return await identity.addPasskey(question.challengeId, credential.toJSON(), name);
}

export async function signInWithPasskey(): Promise<SignInAnswer> {
  const question = await identity.passkeySignIn();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(question.options as PublicKeyCredentialRequestOptionsJSON);
  const credential = await asked(() => navigator.credentials.get({ publicKey }));
  return await identity.provePasskey(question.challengeId, credential.toJSON());
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (error) {
    // Browsers say no more than this on purpose, so that a page learns nothing about other people's devices.
    if (error instanceof DOMException) throw new PasskeyStopped(error.name === 'InvalidStateError');
    throw error;
  }
  throw new PasskeyStopped(false);
}
