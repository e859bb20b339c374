/**
 * Words for faults along a path: a broken rule, a missing issuer, a near end.
 *
 * @module
 */
import type { Obstacle } from '../x509/mod.ts';
import type { Verdict } from './findings.ts';
import { issuerOf, quoted, whose, type Words } from './whose.ts';

/** Why a certificate does not lead to the CA, or is not good at its place. */
export const verdictOfObstacle = (fault: Obstacle, words: Words): Verdict => {
  const one = whose(fault.at, words);
  const about = fault.about ?? '';
  const isOwn = words.own !== null && fault.at === 0;
  switch (fault.code) {
    case 'expired':
      return ['expired', `${one} expired at ${about}`];
    case 'not-yet-valid':
      return ['not-yet-valid', `${one} is valid from ${about} on only`];
    case 'issuer-not-found':
      return [
        'untrusted',
        `no CA that was published is the issuer ${quoted(about)}${isOwn ? '' : ` of ${one}`}`,
      ];
    case 'key-identifier-mismatch':
      return [
        'untrusted',
        `the CA called ${quoted(about)} that was published is another one than the issuer of ${one}: its key differs`,
      ];
    case 'ca-not-trusted':
      return ['untrusted', `${quoted(about)} signs itself, but is not the CA that was published`];
    case 'ca-not-a-root':
      return [
        'untrusted',
        `${one} was published as CA and is in the path, but it is an issuing CA, issued by ${
          quoted(about)
        }, and no root: some clients, among them OpenSSL's default, Node and Python, refuse what it issued, while curl and Go accept it`,
      ];
    case 'loop':
      return ['untrusted', 'the certificates sign each other in a circle'];
    case 'path-too-long':
      return ['untrusted', 'the path to the CA has more than 12 certificates'];
    case 'signature-invalid':
      return [
        'untrusted',
        `the signature on ${one} that should be of ${
          quoted(about)
        } is not: a CA with the same name but another key, or a damaged certificate`,
      ];
    case 'signature-hash-broken':
      return ['weak-signature', `${one} is signed over MD5 or SHA-1, which can be forged: it is not accepted`];
    case 'signature-algorithm-unsupported':
      return ['not-judged', `${one} is signed in a way that is not judged here; others may well accept it`];
    case 'key-too-short':
      return [
        'untrusted',
        `the key of ${issuerOf(fault.at, about, words)} is too short for a signature to be accepted`,
      ];
    case 'key-unsupported':
      return ['not-judged', `the key of ${issuerOf(fault.at, about, words)} is of a kind that is not judged here`];
    case 'path-length-exceeded':
      return ['path-invalid', `a CA above ${one} allows fewer CAs below it than there are`];
    case 'name-not-permitted':
    case 'name-excluded':
      return ['path-invalid', `the name constraints of a CA do not allow ${quoted(about)} in ${one}`];
    case 'name-not-comparable':
      return ['path-invalid', `${quoted(about)} in ${one} is malformed, and a CA has name constraints for such names`];
    case 'too-many-names':
      return ['path-invalid', 'there are more names and name constraints along the path than are compared'];
    case 'too-many-policies':
      return ['path-invalid', 'there are more certificate policies along the path than are compared'];
    case 'unknown-critical-extension':
      return ['path-invalid', `${one} has a critical extension that is not understood: ${about}`];
    case 'extension-not-judged':
      return [
        'not-judged',
        `${one} has a critical extension that is not judged here (${about}); others may well accept it`,
      ];
    case 'critical-key-identifier':
      return [
        'path-invalid',
        `${one} has a key identifier that is critical, which it must not be: OpenSSL and Go refuse it`,
      ];
    case 'ca-version-1':
      return ['not-judged', `${one} is of version 1, which is not judged here; others may well accept it`];
    case 'own-key-too-short':
      return ['path-invalid', `the RSA key of ${one} has fewer than 1024 bits`];
    case 'own-key-unsupported':
      return ['not-judged', `the key of ${one} is of a kind that is not judged here; others may well accept it`];
    case 'no-valid-policy':
      return ['path-invalid', 'a CA demands a certificate policy that is not valid along the path'];
    case 'policy-mapping-invalid':
      return ['path-invalid', `${one} maps certificate policies in a way that is forbidden`];
    case 'empty-name':
      return ['path-invalid', 'a CA of the path has no name'];
    case 'not-a-ca':
      return isOwn
        ? ['wrong-purpose', `an intermediate CA was asked for, but ${one} is not one of a CA`]
        : ['path-invalid', `${one} is used as a CA, but its certificate is not one of a CA`];
    case 'may-not-sign':
      return isOwn
        ? ['wrong-purpose', `an intermediate CA was asked for, but the key of ${one} may not sign others`]
        : ['path-invalid', `${one} is used as a CA, but its key may not sign others`];
    case 'not-for-servers':
    case 'not-for-clients': {
      const [people, usage] = fault.code === 'not-for-servers' ? ['servers', 'serverAuth'] : ['clients', 'clientAuth'];
      return isOwn
        ? ['wrong-purpose', `${one} is not meant for ${people}: its extended key usage lacks ${usage}`]
        : ['path-invalid', `${one} is not for certificates of ${people}: its extended key usage lacks ${usage}`];
    }
    case 'key-usage':
      return ['wrong-purpose', `the key usage of ${one} allows nothing that TLS does with a key of its kind`];
  }
};
