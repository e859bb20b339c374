/**
 * What to do about a finding, in one line for an operator; `docs/findings.md` says more.
 *
 * @module
 */
import { ERROR_CODES } from '../csr/errors.ts';
import type { ProvidesFindingCode } from '../reactive/provides/findings.ts';
import type { RequiresFindingCode } from '../reactive/requires/findings.ts';
import type { ExamineFindingCode } from './findings.ts';

/** How a provider is made to issue a certificate again. */
const REISSUE =
  'have the provider reissue it: for Vault, juju run vault/leader reissue-certificates; for others, juju remove-relation <requirer> <provider> and then juju integrate <requirer> <provider>';

const REPORT = "report it to the authors of the provider's charm (juju info <provider> says where)";

const remedies: Readonly<Record<ExamineFindingCode | RequiresFindingCode | ProvidesFindingCode, string>> = {
  'nothing-asked':
    "wait for the unit's next hook; if it still requests nothing, check its options with juju config <requirer> and its log with juju debug-log --replay --include <requirer>",
  'unanswered':
    "wait for the provider's next hook; then see juju status <provider> (it may have to be unsealed or configured) and juju debug-log --replay --include <provider>",
  'unasked-answer': 'nothing: the request was withdrawn or never made',
  'unit-name-missing': 'wait for the next hook of this unit, or upgrade its charm with juju refresh <requirer>',
  'unit-name-differs':
    'find out which unit the databag belongs to, with juju show-unit of both; two units must not share a name',
  'unit-name-unfit':
    'upgrade the charm of this unit with juju refresh <requirer>: it must publish its name in Juju as unit_name, with _ for /',
  'providers-disagree':
    "the provider's units must share one CA: check its peers with juju status <provider>, and scale it to one unit with juju remove-unit until they do",
  'several-relations': 'keep one relation, and remove the others with juju remove-relation <requirer> <provider>',
  'no-ca': 'have the provider publish its CA, which clients need to trust the certificate: see juju status <provider>',
  'unreadable-certificate': REISSUE,
  'names-missing':
    `clients reject the missing names: check with juju config <provider> whether it issues such names, then ${REISSUE}`,
  'name-in-subject-only':
    'if clients connect by the common name, request it as a SAN too: see the options with juju config <requirer>',
  'wrong-purpose': `check the role or profile with juju config <provider>, then ${REISSUE}`,
  'key-mismatch': `do not install it, the service would not start: ${REISSUE}`,
  'key-unusable': `do not install it, the service would not start: ${REISSUE}`,
  'expired': `find out why it was not renewed in time (juju debug-log --replay --include <provider>), and ${REISSUE}`,
  'not-yet-valid':
    'clients reject it until then: compare the clocks of the machines, with juju exec --all -- date for example',
  'ends-soon':
    'make sure that the provider renews it before that day: for Vault, juju run vault/leader reissue-certificates; for its CA, juju run vault/leader generate-root-ca, or regenerate-intermediate-ca and upload-signed-csr',
  'untrusted': `have the provider publish the CA and the chain that signed it; if a former CA issued it, ${REISSUE}`,
  'path-invalid':
    'set the CA up again with the extensions that the message names; most clients reject what it issues now (for Vault: juju run vault/leader disable-pki, then generate-root-ca)',
  'weak-signature':
    `clients reject it: have the provider use SHA-256 or better (juju config <provider>), then ${REISSUE}`,
  'weak-key':
    'have the provider use RSA of 2048 bits or more, or an elliptic curve (juju config <provider>), and reissue it',
  'name-unusable':
    'request a host name or an address instead, with juju config <requirer>; clients never compare a name like this with a certificate',
  'client-name-missing': 'nothing, unless a server checks the names of its clients',
  'negative-serial-number': `have the provider use positive serial numbers, and ${REISSUE}`,
  'private-key-published':
    `treat the key as stolen: have the provider remove it from that value and make a new one; a CA's key means a new CA (for Vault: juju run vault/leader disable-pki, then generate-root-ca), for any other, ${REISSUE}`,
  'wrong-order': `the certificate must come first and its CA after it, as every server expects: ${REPORT}`,
  'not-judged':
    'nothing is known to be wrong: try it with the service and its clients, or have the provider use RSA, P-256, P-384, P-521 or Ed25519',
  'pem-form': `${REPORT}; what tls-certificates installs is rewritten in a form that every server loads`,
  'key-label': `nothing for what tls-certificates installs, which gets the right label; ${REPORT}`,
  'key-exchange-only':
    `add digitalSignature to the key usage in the provider's role or profile (juju config <provider>), then ${REISSUE}`,
  'ca-out-of-date': 'nothing while the CA is being replaced; afterwards have the provider remove it',
  'protocols-differ':
    'relate the application to a provider that speaks its protocol: reactive requirers to EasyRSA or Vault 1.8, those that publish CSRs to self-signed-certificates, Vault 1.15 or later and the like. Remove this relation with juju remove-relation <requirer> <provider>, or upgrade the charm that speaks the older protocol with juju refresh',
  'request-denied': 'the message says why; what the provider issues is up to its operator: see juju config <provider>',
  'request-unsupported':
    "request what the provider issues: see the charm's options with juju config <requirer>, or those of the provider with juju config <provider>; or relate to another provider with juju integrate",
  'request-signature-invalid':
    'the provider cannot mend this: the charm that requests must make a new key and request; report it to its authors (juju info <requirer> says where)',
  'ca-flag-missing':
    'upgrade the charm that requests with juju refresh <requirer>, so that it publishes "ca" with each request; until then such a provider takes the request for withdrawn',
  'certificate-revoked':
    "the provider issues a new one for the same request, usually after a change of its CA: wait for its next hook, then see juju debug-log --replay --include <provider>, or have the unit request again with its charm's action, if there is one (juju actions <requirer>)",
  'several-answers':
    `wait for the provider's next hook; if it stays, ${REPORT}: it has to replace the former certificate`,
  'answered-and-refused': `the certificate counts, and the refusal is probably out of date: ${REPORT}`,
  'leaf-missing':
    `the certificate must come first in the chain; a charm that installs the chain as it is serves the wrong certificate first: ${REPORT}`,
  'chain-disordered':
    `each certificate must come before the one that signed it; servers send the chain as it is, and many clients reject this order: ${REPORT}`,
  'issuer-differs':
    `ca must be the CA that signed the certificate; a charm that trusts the one that is there trusts another CA: ${REPORT}`,
  'root-missing': 'nothing, if the clients already trust the root; otherwise give it to them some other way',
  'malformed-value':
    'have the unit named here publish it again: juju refresh, or juju remove-relation and juju integrate; see docs/findings.md',
  'malformed-entry':
    'have the unit named here publish it again: juju refresh, or juju remove-relation and juju integrate; see docs/findings.md',
  'incomplete-answer': `wait for the provider's next hook; if it stays, ${REISSUE}`,
  'stale-answer': `wait for the provider's next hook; if it stays, ${REISSUE}`,
  'sans-replaced': 'nothing',
  'repeat-ignored': 'nothing, unless the certificate has to carry the new names',
  'withdrawn-and-requested': 'remove the name from requests or from withdraw',
  'no-relation': 'relate the application to a provider: juju integrate <requirer> <provider>',
  'unknown-flag': 'correct the flag',
  'not-a-name':
    'correct the name where the unit takes it from, for example with juju config <requirer> <option>=…: no provider can issue it',
  'request-refused': 'request something that the CA may issue, or change its policy',
  'answer-withdrawn': 'nothing: nobody requests it any more',
  'unit-name-taken':
    'two units must not share a name: upgrade the charm of this unit with juju refresh <requirer>, or remove the unit with juju remove-unit and add another with juju add-unit',
};

/** By code; absent for an unknown code. */
export const REMEDIES: Readonly<Record<string, string>> = remedies;

/** The names that a remedy uses. */
export interface Parties {
  /** Applications as Juju names them; null where nobody saw them. */
  readonly requirer: string | null;
  /** The application that answers; null where it is not known. */
  readonly provider: string | null;
}

/** Remedies for a refusal, by the provider's code. */
const DENIED: Readonly<Record<number, string>> = {
  [ERROR_CODES.ip_not_allowed]:
    'this provider issues no certificates for IP addresses: have the charm request host names only (juju config <requirer>), or have the operator of <provider> allow addresses (juju config <provider>)',
  [ERROR_CODES.domain_not_allowed]:
    'the name is outside the domains of this provider: give the charm a name inside them (juju config <requirer>), or have the operator of <provider> allow this one (juju config <provider>)',
  [ERROR_CODES.wildcard_not_allowed]:
    'this provider issues no wildcards: have the charm request each name (juju config <requirer>), or have the operator of <provider> allow wildcards (juju config <provider>)',
  [ERROR_CODES.server_not_available]:
    'the provider cannot reach the CA behind it: see juju status <provider> and juju debug-log --replay --include <provider>; nothing is wrong with the request, which is answered once the CA is back',
  [ERROR_CODES.other]:
    'the message says why; if it does not help, ask the operator of <provider>, or see juju debug-log --replay --include <provider>',
};

/**
 * What to do about a finding, with the names of the applications filled in. A refusal's remedy depends on the provider's code.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { remedyOf } from 'interface-tls-certificates/examine';
 * const parties = { requirer: 'web', provider: 'vault' };
 * assert.match(remedyOf('request-denied', parties, { code: 201 }) ?? '', /juju status vault/);
 * ```
 */
export const remedyOf = (
  code: string,
  { requirer, provider }: Parties,
  denied: { readonly code: number } | null = null,
): string | null => {
  const remedy = code === 'request-denied' && denied !== null
    ? DENIED[denied.code] ?? DENIED[ERROR_CODES.other]
    : Object.hasOwn(remedies, code)
    ? REMEDIES[code]
    : undefined;
  return remedy === undefined
    ? null
    : remedy.replaceAll('<requirer>', requirer ?? '<requirer>').replaceAll('<provider>', provider ?? '<provider>');
};
