/**
 * The extensions of a certificate that is made from a certificate request: names, uses, constraints.
 *
 * They are those that the CSR protocol's Python library issues: the request's SANs in the order DNS, IP, OID, e-mail; its other extensions
 * except those that only a CA can vouch for; and the key usage of the kind. Source: docs/csr-protocol.md, What a certificate is made of;
 * RFC 5280 section 4.2.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import * as E from 'fp-ts/lib/Either.js';
import type { CertType } from '../model/certificate.ts';
import type { AskedExtension, Csr } from './csr.ts';
import { elementOf, reading, TAG } from './der.ts';
import {
  altNames,
  caConstraints,
  extendedKeyUsage,
  extension,
  generalNameDer,
  keyUsage,
  LEAF_CONSTRAINTS,
  type NewExtension,
} from './extension-write.ts';
import type { GeneralName } from './general-names.ts';
import { valuesOf } from './names.ts';
import { CA_ONLY_EXTENSIONS, EXTENSION, KEY_USAGES } from './oids.ts';
import { namedBitsOf } from './primitives.ts';
import { nameConstraintsDer, type Subtrees } from './subtrees.ts';

/** A certificate to make from a certificate request. */
export interface NewForCsr {
  /** PEM. */
  readonly csr: string;
  /** What the certificate must be good for. `intermediate` makes it a CA's, and is then the only kind. */
  readonly kinds: ReadonlyArray<CertType>;
  /** The extended key usage if the request names none; null: none, so any use. */
  readonly usage: ReadonlyArray<'serverAuth' | 'clientAuth'> | null;
  /** For a CA: the names that it may certify; null: any. */
  readonly subtrees: Subtrees | null;
}

/** Why a request cannot have the extensions that it asks for. */
export type ExtensionFault =
  /** It insists on an extension that only a CA can vouch for, or asks for a key usage that only CAs have. */
  | { readonly code: 'extension-refused'; readonly oid: string }
  /** It names its holder in a form that is not issued, such as a directory name. */
  | { readonly code: 'name-form-refused' };

/** The order in which the Python library writes names, with URIs last. */
const NAME_ORDER = ['dns', 'ip', 'registeredId', 'email', 'uri'] as const;

/** The SANs of a certificate for a request: those of the request, and the e-mail addresses of its subject. */
export const altNamesFor = ({ altNames: asked, subject }: Csr): ReadonlyArray<GeneralName> => {
  const emails = valuesOf(subject, 'emailAddress').map((value) => ({ type: 'email', text: value }) as const);
  const all: ReadonlyArray<GeneralName> = [...asked, ...emails];
  const known = NAME_ORDER.flatMap((type) => all.filter((name) => name.type === type));
  const others = all.filter(({ type }) => type === 'directory' || type === 'other');
  const seen = new Set<string>();
  return [...known, ...others].filter((name) => {
    const bytes = generalNameDer(name);
    const key = bytes === null ? null : bytesToHex(bytes);
    return key === null || (!seen.has(key) && seen.add(key));
  });
};

/** Whether a key usage lets a key sign certificates or CRLs; an unreadable one might. */
const signsCertificates = ({ value }: AskedExtension): boolean => {
  const read = reading(() => {
    const { tag, content } = elementOf(value);
    return tag === TAG.bitString ? namedBitsOf(content).map((bit) => KEY_USAGES[bit]) : [undefined];
  });
  return E.isLeft(read) ||
    read.right.some((usage) => usage === undefined || usage === 'keyCertSign' || usage === 'cRLSign');
};

/** What the request asks for besides its names, and receives. */
const askedExtensions = (csr: Csr, isCa: boolean): E.Either<ExtensionFault, ReadonlyArray<NewExtension>> => {
  const given: Array<NewExtension> = [];
  for (const [oid, asked] of csr.extensions) {
    const isOurs = oid === EXTENSION.subjectAltName || oid === EXTENSION.basicConstraints ||
      oid === EXTENSION.subjectKeyId || oid === EXTENSION.authorityKeyId || (isCa && oid === EXTENSION.keyUsage);
    if (isOurs) continue;
    const isForbidden = oid === EXTENSION.keyUsage && signsCertificates(asked);
    if (isForbidden || (CA_ONLY_EXTENSIONS.has(oid) && asked.critical)) {
      return E.left({ code: 'extension-refused', oid });
    }
    if (!CA_ONLY_EXTENSIONS.has(oid)) given.push(extension(oid, asked.critical, asked.value));
  }
  return E.right(given);
};

/** All extensions except the identifiers of keys; a `Left` says what is refused. */
export const extensionsFor = (csr: Csr, { kinds, usage, subtrees }: NewForCsr): E.Either<
  ExtensionFault,
  ReadonlyArray<NewExtension>
> => {
  const isCa = kinds.includes('intermediate');
  const names = altNamesFor(csr).map(generalNameDer);
  const written = names.filter((name) => name !== null);
  if (written.length < names.length) return E.left({ code: 'name-form-refused' });
  return E.map((asked: ReadonlyArray<NewExtension>): ReadonlyArray<NewExtension> => {
    const has = (oid: string): boolean => asked.some((one) => one.oid === oid);
    const ownUsage = isCa ? [keyUsage('ca')] : csr.publicKey.key.kind === 'rsa' ? [] : [keyUsage('signing')];
    return [
      isCa ? caConstraints(null) : LEAF_CONSTRAINTS,
      ...(written.length === 0 ? [] : [altNames(written, csr.subject.attributes.length > 0)]),
      ...(has(EXTENSION.keyUsage) ? [] : ownUsage),
      ...(usage === null || has(EXTENSION.extendedKeyUsage) ? [] : [extendedKeyUsage(usage)]),
      ...(subtrees === null ? [] : [extension(EXTENSION.nameConstraints, true, nameConstraintsDer(subtrees))]),
      ...asked,
    ];
  })(askedExtensions(csr, isCa));
};
