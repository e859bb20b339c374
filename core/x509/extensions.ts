/**
 * The extensions of a certificate that affect its use (RFC 5280 section 4.2.1), each read to the last byte. Unknown ones are only recorded,
 * with whether they are critical.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { context, cursor, type Element, elementOf, inside, malformed, TAG } from './der.ts';
import { type GeneralName, readAltNames, readGeneralName } from './general-names.ts';
import { EXTENSION, KEY_USAGES, type KeyUsage, NEVER_CRITICAL, PURPOSES } from './oids.ts';
import { type PolicyExtensions, readPolicyExtensions } from './policies.ts';
import { booleanOf, countOf, namedBitsOf, octetsOf, oidOf, serialOf } from './primitives.ts';

/** Whether a certificate is a CA's, and how many further CAs there may be below it. */
export interface BasicConstraints {
  /** Whether it is a CA's certificate. */
  readonly ca: boolean;
  /** Null: any number. */
  readonly pathLength: number | null;
}

/** How a certificate distinguishes its issuer's certificate from others with the same name. */
export interface AuthorityKeyId {
  /** In hex. */
  readonly keyId: string | null;
  readonly issuer: ReadonlyArray<GeneralName> | null;
  readonly serialNumber: string | null;
}

/** Name constraints: the bases of the subtrees that names must, or must not, be in. */
export interface NameConstraints {
  readonly permitted: ReadonlyArray<GeneralName>;
  readonly excluded: ReadonlyArray<GeneralName>;
  /** Whether a subtree has a minimum or maximum, which RFC 5280 abolished; nobody can say what it would mean. */
  readonly hasDistances: boolean;
}

/** What the extensions of a certificate say; null for one that is absent. */
export interface Extensions {
  readonly basicConstraints: BasicConstraints | null;
  readonly keyUsage: ReadonlyArray<KeyUsage> | null;
  /** Names such as `serverAuth`, or object identifiers for purposes without one. */
  readonly extendedKeyUsage: ReadonlyArray<string> | null;
  readonly altNames: ReadonlyArray<GeneralName> | null;
  /** In hex. */
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: AuthorityKeyId | null;
  readonly nameConstraints: NameConstraints | null;
  readonly policies: PolicyExtensions;
  /** Object identifiers of critical extensions that are not known here. */
  readonly unknownCritical: ReadonlyArray<string>;
  /** Object identifiers of critical extensions that no CA may make critical. */
  readonly wronglyCritical: ReadonlyArray<string>;
}

const readBasicConstraints = (element: Element): BasicConstraints => {
  const parts = cursor(element);
  const ca = parts.maybe(TAG.boolean);
  const pathLength = parts.maybe(TAG.integer);
  parts.end();
  return {
    ca: ca !== null && booleanOf(ca.content),
    pathLength: pathLength === null ? null : countOf(pathLength.content),
  };
};

const readKeyUsage = ({ tag, content }: Element): ReadonlyArray<KeyUsage> =>
  tag === TAG.bitString
    ? namedBitsOf(content).map((bit) => KEY_USAGES[bit] ?? malformed('value'))
    : malformed('unexpected-value');

const readExtendedKeyUsage = (element: Element): ReadonlyArray<string> => {
  const oids = inside(element).map(({ tag, content }) =>
    tag === TAG.oid ? oidOf(content) : malformed('unexpected-value')
  );
  return oids.length > 0 ? oids.map((oid) => PURPOSES.get(oid) ?? oid) : malformed('value');
};

const readAuthorityKeyId = (element: Element): AuthorityKeyId => {
  const parts = cursor(element);
  const keyId = parts.maybe(context(0, 'primitive'));
  const issuer = parts.maybe(context(1));
  const serial = parts.maybe(context(2, 'primitive'));
  parts.end();
  return {
    keyId: keyId === null ? null : bytesToHex(keyId.content),
    issuer: issuer === null ? null : inside(issuer, context(1)).map(readGeneralName),
    serialNumber: serial === null ? null : serialOf(serial.content),
  };
};

const readNameConstraints = (element: Element): NameConstraints => {
  const parts = cursor(element);
  let hasDistances = false;
  const subtrees = (n: 0 | 1): ReadonlyArray<GeneralName> => {
    const list = parts.maybe(context(n));
    if (list === null) return [];
    const bases = inside(list, context(n)).map((subtree) => {
      const members = cursor(subtree);
      const base = readGeneralName(members.any());
      const minimum = members.maybe(context(0, 'primitive'));
      const maximum = members.maybe(context(1, 'primitive'));
      members.end();
      if (maximum !== null || (minimum !== null && countOf(minimum.content) !== 0)) hasDistances = true;
      return base;
    });
    return bases.length > 0 ? bases : malformed('value');
  };
  const [permitted, excluded] = [subtrees(0), subtrees(1)];
  parts.end();
  // An extension that constrains nothing is not allowed, and probably means something else.
  return permitted.length + excluded.length > 0 ? { permitted, excluded, hasDistances } : malformed('value');
};

const KNOWN: ReadonlySet<string> = new Set(Object.values(EXTENSION));

/** Reads the list of extensions. A repeated one is a flaw, since nobody can say which counts (RFC 5280 section 4.2). */
export const readExtensions = (list: Element | null): Extensions => {
  const values = new Map<string, { readonly critical: boolean; readonly value: Element | null }>();
  const each = list === null ? [] : inside(list);
  if (list !== null && each.length === 0) malformed('value');
  for (const element of each) {
    const parts = cursor(element);
    const oid = oidOf(parts.take(TAG.oid).content);
    const critical = parts.maybe(TAG.boolean);
    const value = octetsOf(parts.take(TAG.octetString));
    parts.end();
    if (values.has(oid)) malformed('duplicate-extension');
    // A value that nobody reads here need not even be DER.
    values.set(oid, {
      critical: critical !== null && booleanOf(critical.content),
      value: KNOWN.has(oid) ? elementOf(value) : null,
    });
  }
  const read = <A>(oid: string, reader: (element: Element) => A): A | null => {
    const value = values.get(oid)?.value ?? null;
    return value === null ? null : reader(value);
  };
  const policies = readPolicyExtensions(read);
  const critical = [...values].filter(([, { critical }]) => critical).map(([oid]) => oid);
  return {
    basicConstraints: read(EXTENSION.basicConstraints, readBasicConstraints),
    keyUsage: read(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, readExtendedKeyUsage),
    altNames: read(EXTENSION.subjectAltName, readAltNames),
    subjectKeyId: read(EXTENSION.subjectKeyId, (element) => bytesToHex(octetsOf(element))),
    authorityKeyId: read(EXTENSION.authorityKeyId, readAuthorityKeyId),
    nameConstraints: read(EXTENSION.nameConstraints, readNameConstraints),
    policies,
    unknownCritical: critical.filter((oid) =>
      !KNOWN.has(oid) || (oid === EXTENSION.certificatePolicies && policies.hasUnknownQualifier)
    ),
    wronglyCritical: critical.filter((oid) => NEVER_CRITICAL.has(oid)),
  };
};
