/**
 * Sessions as text that only their servers can read: JSON, encrypted with AES-GCM (NIST SP 800-38D) under a key that the store never sees.
 *
 * The CA's key, the keys of units and everything else of a session are encrypted together. The session's name is authenticated with it, so
 * that whoever can write to the store cannot pass one session off as another.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { SessionStore } from './store.ts';

/** Encrypts and decrypts. The key is not among its fields, so nothing that prints it shows the key. */
export interface SessionCipher {
  /** The text of a session of this name, encrypted. */
  readonly seal: (id: string, text: string) => Promise<string>;
  /** The text again; null if it was not encrypted under this key and for this name. */
  readonly open: (id: string, sealed: string) => Promise<string | null>;
}

/** A store, and the cipher that what is in it was encrypted with. */
export interface KeptSessions {
  /** Has what the cipher makes of them. */
  readonly store: SessionStore;
  /** The same on every server. */
  readonly cipher: SessionCipher;
}

/** Why sessions cannot be kept in a store, and what to do about it. It quotes nothing of the key. */
export interface KeepingFault {
  /** No key was given, it is no key, or the store's client is missing or does not connect. */
  readonly kind: 'no-key' | 'bad-key' | 'no-client' | 'no-connection';
  /** One sentence for people, with the command to type where there is one. */
  readonly detail: string;
}

/** Options that every store has. */
export interface KeepingOptions {
  /** 32 random bytes in base64, as `openssl rand -base64 32` writes them. Take it from a secret in the environment. */
  readonly key?: string | undefined;
}

/** Bytes of a key of AES-256. */
const KEY_BYTES = 32;

/** Bytes of a nonce, as AES-GCM recommends; it is random, and stands before what is encrypted. */
const NONCE_BYTES = 12;

const MAKE = 'make one with openssl rand -base64 32, and give it to every server as a secret';

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    // It is no base64, which the caller says.
    return null;
  }
};

const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

const cipherWith = (raw: Uint8Array<ArrayBuffer>): SessionCipher => {
  // Imported each time: a worker may not wait for a promise of another request.
  const key = (): Promise<CryptoKey> => crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const under = (id: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(id),
  });
  return {
    seal: async (id, text) => {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const sealed = await crypto.subtle.encrypt(under(id, iv), await key(), new TextEncoder().encode(text));
      return toBase64(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
    },
    open: async (id, sealed) => {
      const bytes = fromBase64(sealed);
      if (bytes === null || bytes.length < NONCE_BYTES) return null;
      const [iv, rest] = [bytes.slice(0, NONCE_BYTES), bytes.slice(NONCE_BYTES)];
      try {
        return new TextDecoder().decode(await crypto.subtle.decrypt(under(id, iv), await key(), rest));
      } catch {
        // WebCrypto says no more than that it is not authentic.
        return null;
      }
    },
  };
};

/** The cipher of a key; without a key, nothing is kept: a session has the private key of its CA. */
export const sessionCipher = (key: string | undefined): E.Either<KeepingFault, SessionCipher> => {
  if (key === undefined || key === '') {
    const detail = `sessions have private keys and are only kept encrypted, but there is no key: ${MAKE}`;
    return E.left({ kind: 'no-key', detail });
  }
  const raw = fromBase64(key.trim());
  return raw?.length === KEY_BYTES
    ? E.right(cipherWith(raw))
    : E.left({ kind: 'bad-key', detail: `the key of sessions is not 32 bytes in base64: ${MAKE}` });
};

/** Sessions in a store, encrypted under the key of these options. */
export const keptIn = (store: SessionStore, { key }: KeepingOptions): E.Either<KeepingFault, KeptSessions> =>
  E.map((cipher: SessionCipher): KeptSessions => ({ store, cipher }))(sessionCipher(key));
