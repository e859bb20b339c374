/**
 * What a policy does not allow of a certificate request, with the protocol's error codes.
 *
 * Source: docs/csr-protocol.md, Error codes.
 *
 * @module
 */
import type { ErrorName } from '../../csr/errors.ts';
import type { ProvidedRequest } from '../../csr/provides/view.ts';
import type { KnownCsr } from '../../csr/texts.ts';
import { addressOf } from '../../model/hosts.ts';
import { classifyName, NOT_A_NAME } from '../../model/asked-name.ts';
import { commonNameFlaw } from '../../model/name-flaws.ts';
import type { KeyAlgorithm } from '../../x509/key.ts';
import type { PublicKey } from '../../x509/public-key.ts';
import { uncovered } from '../names.ts';
import type { Policy } from '../policy.ts';
import { belowOf, isTitle, NOTHING_BELOW } from '../subtrees.ts';
import { quoted } from '../words.ts';
import { altNamesOf, type CertifiedName, commonNamesOf, kindsOf } from './asked.ts';

/** Why a request is refused. */
export interface Refusing {
  readonly name: ErrorName;
  /** A sentence for people. */
  readonly message: string;
}

/** A refusal that no code of its own is for. */
export const other = (message: string): Refusing => ({ name: 'other', message });

/** A request that is denied by an operator. */
export const DENIED: Refusing = other('this request is denied by the operator of the CA');

const keyName = (key: PublicKey): string => {
  switch (key.kind) {
    case 'rsa':
      return `RSA with ${key.bits} bits`;
    case 'ec':
      return key.curve;
    case 'ml-dsa':
      return key.parameterSet;
    case 'ed25519':
      return 'Ed25519';
    default:
      return 'of an unknown kind';
  }
};

const RSA = /^RSA-(\d+)$/;

const isAccepted = (accepted: ReadonlyArray<KeyAlgorithm>, key: PublicKey): boolean =>
  accepted.some((algorithm) => {
    const bits = RSA.exec(algorithm)?.[1];
    return bits === undefined
      ? key.kind !== 'rsa' && algorithm === keyName(key)
      : key.kind === 'rsa' && key.bits >= Number(bits);
  });

/** Why no certificate can have a name; null where one can. */
const flawOf = ({ kind, text }: CertifiedName): string | null => {
  if (kind !== 'dns' && kind !== 'wildcard') return null;
  const name = classifyName(text);
  if (name.kind === 'none') return NOT_A_NAME[name.reason];
  return name.kind === 'dns' ? null : 'is no host name';
};

const refusedName = (rules: ReadonlyArray<string>, name: CertifiedName): Refusing | null => {
  const { kind, text } = name;
  const flaw = flawOf(name);
  if (flaw !== null) {
    return { name: 'domain_not_allowed', message: `no certificate can have the name ${quoted(text)}: it ${flaw}` };
  }
  if (uncovered(rules, [text]) === null) return null;
  if (kind === 'ip') return { name: 'ip_not_allowed', message: `the address ${quoted(text)} is not allowed` };
  if (kind === 'wildcard' && uncovered(rules, [text.slice(2)]) === null) {
    return { name: 'wildcard_not_allowed', message: `the wildcard ${quoted(text)} is not allowed` };
  }
  return { name: 'domain_not_allowed', message: `the name ${quoted(text)} is not allowed` };
};

/** What a common name is, in a certificate that some reader may look for a host in it. */
const asCommonName = (text: string): CertifiedName => ({
  kind: addressOf(text) !== null ? 'ip' : text.startsWith('*.') ? 'wildcard' : 'common-name',
  text,
});

/** Why a common name is refused; null where it is not. */
const refusedCommonName = (rules: ReadonlyArray<string>, text: string, isCa: boolean): Refusing | null => {
  const flaw = commonNameFlaw(text, []);
  if (flaw !== null) return other(`no certificate can have the common name ${quoted(text)}: it ${flaw}`);
  if (isCa && isTitle(text)) return null;
  return refusedName(rules, asCommonName(text));
};

/** Why the policy refuses a request; null where it does not. */
export const refusedBy = (
  { certTypes, acceptedKeys, allowedNames, quota: { namesPerRequest } }: Policy,
  request: ProvidedRequest,
  known: KnownCsr,
): Refusing | null => {
  const asked = kindsOf(request, known);
  if ('usage' in asked) return other(`certificates for the usage ${asked.usage} are not issued`);
  const kind = asked.kinds.find((one) => !certTypes.includes(one));
  if (kind === 'intermediate') return other('CA certificates are not issued');
  if (kind !== undefined) return other(`certificates of the kind ${kind} are not issued`);
  const { key } = known.csr.publicKey;
  if (!isAccepted(acceptedKeys, key)) {
    return other(`the key is ${keyName(key)}: only ${acceptedKeys.join(', ')} and longer RSA keys are accepted`);
  }
  const [commonNames, names] = [commonNamesOf(known), altNamesOf(known)];
  const count = commonNames.length + names.length;
  if (count === 0) return other('it asks for no name');
  if (count > namesPerRequest) {
    return other(`${count} names are asked for, and a certificate may have ${namesPerRequest}`);
  }
  for (const name of names) {
    const refused = refusedName(allowedNames, name);
    if (refused !== null) return refused;
  }
  for (const name of commonNames) {
    const refused = refusedCommonName(allowedNames, name, request.isCa);
    if (refused !== null) return refused;
  }
  const below = belowOf(allowedNames);
  if (!request.isCa || below.kind === 'everything') return null;
  if (below.kind === 'nothing') return other(NOTHING_BELOW);
  const usages = known.csr.extendedKeyUsage ?? [];
  return usages.every((usage) => usage === 'serverAuth')
    ? null
    : other('a CA whose names are constrained is issued for servers alone');
};
