/**
 * Certificates and their kinds, as a charm sees them.
 *
 * @module
 */

/** The kinds of certificate that a requirer can ask for. */
export const CERT_TYPES = ['server', 'client', 'application', 'intermediate'] as const;

/** A kind of certificate. */
export type CertType = (typeof CERT_TYPES)[number];

/** A private key in PEM. Only databags and views hold one; {@link redacted} hides it from printing. */
export type PrivateKey = string & { readonly privateKey: unique symbol };

/** A certificate with the key that belongs to it. */
export interface KeyPair {
  /** PEM as it was published: text may stand before the first block, and there may be several blocks. */
  readonly cert: string;
  /** PEM; hidden when it is printed. */
  readonly key: PrivateKey;
}

/** An answer to a request (docs/reactive-protocol.md section 5). */
export interface Certificate extends KeyPair {
  /** The kind. A requirer is told `server` of an application's certificate, as in Python. */
  readonly certType: CertType;
  /** The common name that was asked for; a requirer is told `app_data` of an application's certificate. */
  readonly commonName: string;
}

/** Replaces a private key in anything that is printed. */
export const REDACTED = '<private key>';

/** Makes foreign text safe to show: a broken databag may hold a private key where a name belongs. */
export const hidingKeys = (text: string): string => (text.includes('PRIVATE KEY') ? REDACTED : text);

type Inspect = (value: unknown, options?: unknown) => string;

/** Something that may hold a private key, its own or within a delivery; null means none. */
interface Keyed {
  readonly key: PrivateKey | { readonly sent: PrivateKey } | null;
}

const hidden = (keyed: Keyed): unknown => ({ ...keyed, key: keyed.key === null ? null : REDACTED });

/** The symbols by which Node, Bun and Deno ask a value how to print it. */
const PRINTERS: PropertyDescriptorMap = {
  [Symbol.for('nodejs.util.inspect.custom')]: {
    value(this: Keyed, _depth: number, options: unknown, inspect: Inspect): string {
      return inspect(hidden(this), options);
    },
  },
  [Symbol.for('Deno.customInspect')]: {
    value(this: Keyed, inspect: Inspect, options: unknown): string {
      return inspect(hidden(this), options);
    },
  },
};

/**
 * The same certificate or request, but `console.log` and similar functions show {@link REDACTED} in place of its key on Node, Bun and Deno.
 * `JSON.stringify` still writes the key, since programs need it, and a copy made by spreading prints its key again.
 */
export const redacted = <C extends Keyed>(certificate: C): C =>
  // Without a key there is nothing to hide, and defining properties takes longer than all else that is done for a request.
  certificate.key === null ? certificate : Object.defineProperties(certificate, PRINTERS);
