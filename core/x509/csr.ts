/**
 * Reads certificate requests without checking their signature: synchronously, for `decide`, which compares requests and leaves the proof of
 * possession to whoever issues (RFC 2986 section 4; `request.ts` checks it).
 *
 * @module
 */
import type * as E from 'fp-ts/lib/Either.js';
import { context, cursor, type Element, elementOf, type Flaw, inside, malformed, reading, TAG } from './der.ts';
import { type GeneralName, readAltNames } from './general-names.ts';
import { type ComparableName, readName } from './names.ts';
import { EXTENSION, EXTENSION_REQUEST, PURPOSES } from './oids.ts';
import { booleanOf, countOf, octetsOf, oidOf, wholeBitsOf } from './primitives.ts';
import { type ReadKey, readPublicKey } from './public-key.ts';

/** An extension that a request asks for. */
export interface AskedExtension {
  readonly critical: boolean;
  /** The content of its octet string, usually DER. */
  readonly value: Uint8Array;
}

/** A certificate request that was read. Its bytes are views into the input. */
export interface Csr {
  readonly der: Uint8Array;
  readonly subject: ComparableName;
  /** The subject's DER, unchanged. */
  readonly subjectDer: Uint8Array;
  readonly altNames: ReadonlyArray<GeneralName>;
  readonly publicKey: ReadKey;
  /** Names such as `serverAuth`, or object identifiers for usages without one; null if no usage is named. */
  readonly extendedKeyUsage: ReadonlyArray<string> | null;
  /** Object identifiers of critical extensions other than subjectAltName. */
  readonly critical: ReadonlyArray<string>;
  /** All requested extensions, in order, by object identifier. */
  readonly extensions: ReadonlyMap<string, AskedExtension>;
}

/** Largest request that is read, in bytes; the same as for a certificate. */
const MAX_REQUEST_BYTES = 102_400;

/** The extensions by their identifiers. */
const readExtensionList = (list: Element): ReadonlyMap<string, AskedExtension> => {
  const extensions = new Map<string, AskedExtension>();
  for (const element of inside(list)) {
    const parts = cursor(element);
    const oid = oidOf(parts.take(TAG.oid).content);
    const critical = parts.maybe(TAG.boolean);
    const value = octetsOf(parts.take(TAG.octetString));
    parts.end();
    if (extensions.has(oid)) malformed('duplicate-extension');
    extensions.set(oid, { critical: critical !== null && booleanOf(critical.content), value });
  }
  return extensions;
};

/** The extensions that the attributes ask for. */
const readAttributes = (attributes: Element | null): ReadonlyMap<string, AskedExtension> => {
  let wanted: ReadonlyMap<string, AskedExtension> | null = null;
  for (const attribute of attributes === null ? [] : inside(attributes, context(0))) {
    const members = cursor(attribute);
    const oid = oidOf(members.take(TAG.oid).content);
    const values = members.take(TAG.set);
    members.end();
    if (oid !== EXTENSION_REQUEST) continue;
    if (wanted !== null) malformed('duplicate-extension');
    wanted = readExtensionList(elementOf(values.content));
  }
  return wanted ?? new Map();
};

const readUsages = (value: Uint8Array): ReadonlyArray<string> =>
  inside(elementOf(value)).map(({ tag, content }) => {
    const oid = tag === TAG.oid ? oidOf(content) : malformed('unexpected-value');
    return PURPOSES.get(oid) ?? oid;
  });

/** Reads a certificate request strictly; never throws. It does not check the signature. */
export const readCsr = (der: Uint8Array): E.Either<Flaw, Csr> =>
  reading(() => {
    if (der.length > MAX_REQUEST_BYTES) malformed('length');
    const outer = cursor(elementOf(der));
    const parts = cursor(outer.take(TAG.sequence));
    cursor(outer.take(TAG.sequence)).take(TAG.oid);
    wholeBitsOf(outer.take(TAG.bitString).content);
    outer.end();
    if (countOf(parts.take(TAG.integer).content) !== 0) malformed('value');
    const subjectPart = parts.take(TAG.sequence);
    const subject = readName(subjectPart);
    const publicKey = readPublicKey(parts.take(TAG.sequence));
    const extensions = readAttributes(parts.maybe(context(0)));
    parts.end();
    const altNames = extensions.get(EXTENSION.subjectAltName);
    const usages = extensions.get(EXTENSION.extendedKeyUsage);
    return {
      der,
      subject,
      subjectDer: subjectPart.whole,
      altNames: altNames === undefined ? [] : readAltNames(elementOf(altNames.value)),
      publicKey,
      extendedKeyUsage: usages === undefined ? null : readUsages(usages.value),
      critical: [...extensions]
        .filter(([oid, { critical }]) => critical && oid !== EXTENSION.subjectAltName)
        .map(([oid]) => oid),
      extensions,
    };
  });
