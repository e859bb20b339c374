/**
 * What each fault of a certificate means for people: in which finding it ends, and in which words.
 *
 * Names in these sentences come from certificates and requests, which are public; there are no keys among them.
 *
 * @module
 */
import { hidingKeys } from '../model/certificate.ts';
import { type MatchFault, NOT_A_NAME, type Refusal } from '../x509/mod.ts';
import type { Verdict } from './findings.ts';

/** Characters of a foreign name in a sentence. */
const MAX_NAME = 100;

const quoted = (name: string): string =>
  JSON.stringify(hidingKeys(name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name));

/** What a certificate with its key does not fit. Missing names are gathered into one sentence. */
export const verdictsOfMatch = (faults: ReadonlyArray<MatchFault>): ReadonlyArray<Verdict> => {
  const missing = faults.flatMap((fault) =>
    fault.code === 'name-missing' || fault.code === 'common-name-missing' ? [quoted(fault.name)] : []
  );
  const names: ReadonlyArray<Verdict> = missing.length === 0
    ? []
    : [['names-missing', `the certificate lacks names that were asked for: ${[...new Set(missing)].join(', ')}`]];
  return [...names, ...faults.flatMap(verdictOfFault)];
};

const verdictOfFault = (fault: MatchFault): ReadonlyArray<Verdict> => {
  switch (fault.code) {
    case 'name-missing':
    case 'common-name-missing':
      return [];
    case 'client-name-missing':
      return [[
        'client-name-missing',
        `the certificate lacks the name ${quoted(fault.name)} that was asked for; for a client that seldom matters`,
      ]];
    case 'name-unusable':
      return [[
        'name-unusable',
        `no certificate can have the name ${quoted(fault.name)} that was asked for: it ${NOT_A_NAME[fault.reason]}`,
      ]];
    case 'common-name-only':
      return [[
        'name-in-subject-only',
        `${
          quoted(fault.name)
        } is the subject's common name only: clients look at the alternative names, where it is not`,
      ]];
    case 'not-for-servers':
      return [['wrong-purpose', 'the certificate is not meant for servers: its extended key usage lacks serverAuth']];
    case 'not-for-clients':
      return [['wrong-purpose', 'the certificate is not meant for clients: its extended key usage lacks clientAuth']];
    case 'key-usage':
      return [['wrong-purpose', 'the key usage of the certificate allows nothing that TLS does with a key']];
    case 'not-a-ca':
      return [['wrong-purpose', 'an intermediate CA was asked for, but the certificate is not one of a CA']];
    case 'may-not-sign':
      return [['wrong-purpose', "an intermediate CA was asked for, but the certificate's key may not sign others"]];
    case 'key-mismatch':
      return [['key-mismatch', 'the private key belongs to another certificate']];
    case 'key-missing':
      return [['key-unusable', 'there is no private key in the value that should hold it']];
    case 'key-unreadable':
      return [['key-unusable', 'the private key cannot be read']];
    case 'key-encrypted':
      return [['key-unusable', 'the private key is protected by a password']];
    case 'key-unsupported':
      return [[
        'key-unusable',
        'the key is of a kind that is not worked with: RSA, P-256, P-384, P-521 and Ed25519 are',
      ]];
    case 'unreadable':
      return [[
        'unreadable-certificate',
        `the certificate cannot be read: ${fault.fault.code} at line ${fault.fault.line}`,
      ]];
  }
};

/** Which certificate of a path is meant. */
const whose = (at: number, about: string | undefined): string =>
  at === 0
    ? 'the certificate'
    : about === undefined
    ? `the CA ${at} above the certificate`
    : `a CA above the certificate (${quoted(about)})`;

/** Why a certificate does not lead to the CA, in the order in which it was found. */
export const verdictOfRefusal = (refusal: Refusal): Verdict => {
  switch (refusal.code) {
    case 'unreadable':
      return refusal.source === 'certificate'
        ? [
          'unreadable-certificate',
          `the certificate cannot be read: ${refusal.fault.code} at line ${refusal.fault.line}`,
        ]
        : [
          'untrusted',
          `the ${refusal.source} cannot be read wholly: ${refusal.fault.code} at line ${refusal.fault.line}`,
        ];
    case 'time-invalid':
      return ['path-invalid', 'the present time is not known, so validity cannot be judged'];
    case 'too-much-work':
      return ['untrusted', 'there are too many certificates that could be the issuer: the search was given up'];
    case 'expired':
      return ['expired', `${whose(refusal.at, undefined)} expired at ${refusal.about ?? 'a time before the present'}`];
    case 'not-yet-valid':
      return [
        'not-yet-valid',
        `${whose(refusal.at, undefined)} is valid from ${refusal.about ?? 'a time after the present'} on only`,
      ];
    case 'issuer-not-found':
      return ['untrusted', `no CA that was published is the issuer ${quoted(refusal.about)}`];
    case 'key-identifier-mismatch':
      return [
        'untrusted',
        `the CA called ${quoted(refusal.about)} that was published is another one than the issuer: its key differs`,
      ];
    case 'ca-not-trusted':
      return ['untrusted', `${quoted(refusal.about)} signs itself, but is not the CA that was published`];
    case 'ca-not-a-root':
      return ['untrusted', `the CA that was published, issued by ${quoted(refusal.about)}, does not sign itself`];
    case 'loop':
      return ['untrusted', 'the certificates sign each other in a circle'];
    case 'path-too-long':
      return ['untrusted', 'the path to the CA has more than 12 certificates'];
    case 'signature-invalid':
      return [
        'untrusted',
        `the signature that should be of ${
          quoted(refusal.about)
        } is not: a CA with the same name but another key, or a damaged certificate`,
      ];
    case 'signature-hash-broken':
      return [
        'weak-signature',
        `${whose(refusal.at, undefined)} is signed over MD5 or SHA-1, which can be forged: it is not accepted`,
      ];
    case 'signature-algorithm-unsupported':
      return ['untrusted', `${whose(refusal.at, undefined)} is signed in a way that is not worked with`];
    case 'key-too-short':
    case 'key-unsupported':
      return [
        'untrusted',
        `the key of ${quoted(refusal.about ?? 'the issuer')} is too short, or of a kind that is not worked with`,
      ];
    case 'path-length-exceeded':
      return ['path-invalid', `${whose(refusal.at, undefined)} allows fewer CAs below it than there are`];
    case 'name-not-permitted':
    case 'name-excluded':
    case 'name-not-comparable':
    case 'too-many-names':
    case 'too-many-policies':
      return ['path-invalid', `the name constraints of a CA do not allow ${quoted(refusal.about ?? 'a name')}`];
    case 'unknown-critical-extension':
      return [
        'path-invalid',
        `${whose(refusal.at, undefined)} has a critical extension that is not understood: ${refusal.about ?? ''}`,
      ];
    case 'extension-not-judged':
      return [
        'path-invalid',
        `${whose(refusal.at, undefined)} has a critical extension that is not judged here: ${refusal.about ?? ''}`,
      ];
    case 'critical-key-identifier':
      return [
        'path-invalid',
        `${whose(refusal.at, undefined)} has a key identifier that is critical, which it must not be`,
      ];
    case 'ca-version-1':
      return ['path-invalid', `${whose(refusal.at, undefined)} is of version 1, which is not judged here`];
    case 'own-key-too-short':
      return ['path-invalid', "the certificate's RSA key has fewer than 1024 bits"];
    case 'own-key-unsupported':
      return ['path-invalid', "the certificate's key is of a kind that is not judged here"];
    case 'no-valid-policy':
      return ['path-invalid', 'a CA demands a certificate policy that is not valid along the path'];
    case 'policy-mapping-invalid':
      return ['path-invalid', `${whose(refusal.at, undefined)} maps certificate policies in a way that is forbidden`];
    case 'empty-name':
      return ['path-invalid', 'a CA of the path has no name'];
    case 'not-a-ca':
      return ['path-invalid', `${whose(refusal.at, undefined)} is used as a CA, but is not one of a CA`];
    case 'may-not-sign':
      return ['path-invalid', `${whose(refusal.at, undefined)} is used as a CA, but its key may not sign others`];
    case 'not-for-servers':
    case 'not-for-clients':
    case 'key-usage':
      return ['path-invalid', `${whose(refusal.at, undefined)} does not allow this purpose`];
  }
};
