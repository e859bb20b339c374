/**
 * Certificates and the kinds of them, as the charm sees them.
 *
 * @module
 */

/** The kinds of certificate that a requirer can ask for. */
export const CERT_TYPES = ['server', 'client', 'application', 'intermediate'] as const;

/** A kind of certificate. */
export type CertType = (typeof CERT_TYPES)[number];

/** A private key in PEM. It occurs in databags and views and nowhere else; {@link redacted} hides it from printing. */
export type PrivateKey = string & { readonly privateKey: unique symbol };

/** A certificate with the key that belongs to it. */
export interface KeyPair {
  /** PEM, as it was published: there may be text before the first block, and several blocks. */
  readonly cert: string;
  readonly key: PrivateKey;
}

/** An answer to a request (protocol-reactive.md section 5). */
export interface Certificate extends KeyPair {
  /** The kind. A requirer is told `server` of an application's certificate, as in Python. */
  readonly certType: CertType;
  /** The common name that was asked for; a requirer is told `app_data` of an application's certificate. */
  readonly commonName: string;
}

/** What stands where a private key was. */
export const REDACTED = '<private key>';

/** Foreign text for people: a broken databag may have a private key where a name should be. */
export const hidingKeys = (text: string): string => (text.includes('PRIVATE KEY') ? REDACTED : text);

type Inspect = (value: unknown, options?: unknown) => string;

/** What may have a private key, as it is or within a delivery's; null stands for none. */
interface Keyed {
  readonly key: PrivateKey | { readonly sent: PrivateKey } | null;
}

const hidden = (keyed: Keyed): unknown => ({ ...keyed, key: keyed.key === null ? null : REDACTED });

/** How Node and Bun, and how Deno, ask a value for its own way of being printed. */
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
 * The same certificate or request, but `console.log` and its kin show {@link REDACTED} for its key on Node, Bun and Deno. `JSON.stringify`
 * still writes the key, since programs need it; and a copy made by spreading is plain again.
 */
export const redacted = <C extends Keyed>(certificate: C): C =>
  // Without a key there is nothing to hide, and defining properties takes longer than all else that is done for a request.
  certificate.key === null ? certificate : Object.defineProperties(certificate, PRINTERS);
