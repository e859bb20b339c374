/**
 * What a policy does not allow of a certificate request, with the protocol's error codes.
 *
 * Source: docs/csr-protocol.md, Error codes.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { ErrorName } from '../../csr/errors.ts';
import type { ProvidedRequest } from '../../csr/provides/view.ts';
import type { KnownCsr } from '../../csr/texts.ts';
import { addressOf } from '../../model/hosts.ts';
import { classifyName, NOT_A_NAME } from '../../model/asked-name.ts';
import { checkSubjectName } from '../../model/name-flaws.ts';
import type { KeyAlgorithm } from '../../x509/key.ts';
import type { PublicKey } from '../../x509/public-key.ts';
import { type Check, checkEach, PASSED } from '../../model/passed.ts';
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

/** A refusal that has no code of its own. */
export const other = (message: string): Refusing => ({ name: 'other', message });

const refused = (message: string): E.Either<Refusing, never> => E.left(other(message));

/** A request for a usage for which no certificate is issued. */
export const notIssued = (usage: string): Refusing => other(`certificates for the usage ${usage} are not issued`);

/** A request that an operator has denied. */
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

/** Whether a certificate can have a name; a `Left` says what is wrong with it, as the end of a sentence. */
const checkForm = ({ kind, text }: CertifiedName): Check<string> => {
  if (kind !== 'dns' && kind !== 'wildcard') return PASSED;
  const name = classifyName(text);
  if (name.kind === 'none') return E.left(NOT_A_NAME[name.reason]);
  return name.kind === 'dns' ? PASSED : E.left('is no host name');
};

const checkName = (rules: ReadonlyArray<string>, name: CertifiedName): Check<Refusing> => {
  const { kind, text } = name;
  const form = checkForm(name);
  if (E.isLeft(form)) {
    const message = `no certificate can have the name ${quoted(text)}: it ${form.left}`;
    return E.left({ name: 'domain_not_allowed', message });
  }
  if (uncovered(rules, [text]) === null) return PASSED;
  if (kind === 'ip') return E.left({ name: 'ip_not_allowed', message: `the address ${quoted(text)} is not allowed` });
  if (kind === 'wildcard' && uncovered(rules, [text.slice(2)]) === null) {
    return E.left({ name: 'wildcard_not_allowed', message: `the wildcard ${quoted(text)} is not allowed` });
  }
  return E.left({ name: 'domain_not_allowed', message: `the name ${quoted(text)} is not allowed` });
};

/** What a common name is, in a certificate in which some reader may look for a host. */
const asCommonName = (text: string): CertifiedName => ({
  kind: addressOf(text) !== null ? 'ip' : text.startsWith('*.') ? 'wildcard' : 'common-name',
  text,
});

const checkCommonName = (rules: ReadonlyArray<string>, text: string, isCa: boolean): Check<Refusing> => {
  const form = checkSubjectName(text, []);
  if (E.isLeft(form)) return refused(`no certificate can have the common name ${quoted(text)}: it ${form.left}`);
  if (isCa && isTitle(text)) return PASSED;
  return checkName(rules, asCommonName(text));
};

/** Whether a policy allows a request; a `Left` says why not. */
export const checkCsr = (
  { certTypes, acceptedKeys, allowedNames, quota: { namesPerRequest } }: Policy,
  request: ProvidedRequest,
  known: KnownCsr,
): Check<Refusing> => {
  const kinds = kindsOf(request, known);
  if (E.isLeft(kinds)) return E.left(notIssued(kinds.left));
  const kind = kinds.right.find((one) => !certTypes.includes(one));
  if (kind === 'intermediate') return refused('CA certificates are not issued');
  if (kind !== undefined) return refused(`certificates of the kind ${kind} are not issued`);
  const { key } = known.csr.publicKey;
  if (!isAccepted(acceptedKeys, key)) {
    return refused(`the key is ${keyName(key)}: only ${acceptedKeys.join(', ')} and longer RSA keys are accepted`);
  }
  const [commonNames, names] = [commonNamesOf(known), altNamesOf(known)];
  const count = commonNames.length + names.length;
  if (count === 0) return refused('it asks for no name');
  if (count > namesPerRequest) {
    return refused(`${count} names are asked for, and a certificate may have ${namesPerRequest}`);
  }
  const ofNames = checkEach(names, (name) => checkName(allowedNames, name));
  if (E.isLeft(ofNames)) return ofNames;
  const ofCommonNames = checkEach(commonNames, (name) => checkCommonName(allowedNames, name, request.isCa));
  if (E.isLeft(ofCommonNames)) return ofCommonNames;
  const below = belowOf(allowedNames);
  if (!request.isCa || below.kind === 'everything') return PASSED;
  if (below.kind === 'nothing') return refused(NOTHING_BELOW);
  const usages = known.csr.extendedKeyUsage ?? [];
  return usages.every((usage) => usage === 'serverAuth')
    ? PASSED
    : refused('a CA whose names are constrained is issued for servers alone');
};
