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
  /** The kind as the Python layer tells it: an application certificate shows as `server`. */
  readonly certType: CertType;
  /** The common name that was asked for; `app_data` for an application certificate. */
  readonly commonName: string;
}

/** What stands where a private key was. */
export const REDACTED = '<private key>';

type Inspect = (value: unknown, options?: unknown) => string;

/** Where Node, Bun and Deno look for a value's own way of being printed, and how each of them asks for it. */
const PRINTERS: ReadonlyArray<readonly [symbol, (shown: unknown) => (...args: ReadonlyArray<never>) => string]> = [
  [
    Symbol.for('nodejs.util.inspect.custom'),
    (shown) => (_depth: number, options: unknown, inspect: Inspect) => inspect(shown, options),
  ],
  [Symbol.for('Deno.customInspect'), (shown) => (inspect: Inspect, options: unknown) => inspect(shown, options)],
];

/**
 * The same certificate, but `console.log` and its kin show {@link REDACTED} for its key on Node, Bun and Deno. `JSON.stringify`
 * still writes the key, since programs need it; and a copy made by spreading is plain again.
 */
export const redacted = <C extends KeyPair>(certificate: C): C => {
  const shown = { ...certificate, key: REDACTED };
  for (const [symbol, printer] of PRINTERS) Object.defineProperty(certificate, symbol, { value: printer(shown) });
  return certificate;
};
