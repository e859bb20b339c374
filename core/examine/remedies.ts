/**
 * What to do about a finding, in one line for an operator; `docs/findings.md` says more.
 *
 * @module
 */
import { ERROR_CODES } from '../csr/errors.ts';
import type { ProvidesFindingCode } from '../reactive/provides/findings.ts';
import type { RequiresFindingCode } from '../reactive/requires/findings.ts';
import type { ExamineFindingCode } from './findings.ts';

const remedies: Readonly<Record<ExamineFindingCode | RequiresFindingCode | ProvidesFindingCode, string>> = {
  'nothing-asked':
    "wait for the unit's next hook; if it stays, its charm asks for nothing: look at its configuration and its log",
  'unanswered':
    "wait for the provider's next hook, then look into the log of its leader; an operator may have to unseal or configure it first",
  'unasked-answer': 'nothing: the request was withdrawn or never made',
  'unit-name-missing': 'upgrade the charm of this unit, or wait for its next hook',
  'unit-name-differs': 'look which unit the databag belongs to; two units must not share a name',
  'unit-name-unfit': 'upgrade the charm of this unit: it has to publish its name in Juju as unit_name, with _ for /',
  'providers-disagree':
    "look into the provider's peers: its units have to share one CA; scale it to one unit until they do",
  'several-relations': 'keep one relation: remove the others with juju remove-relation',
  'no-ca': 'have the provider publish its CA, which clients need to trust the certificate',
  'unreadable-certificate':
    'have the provider publish it anew: for Vault with juju run vault/leader reissue-certificates, for others by removing the relation and adding it again',
  'names-missing':
    'clients refuse the missing names: check whether the provider supports such names, then have the provider issue it anew: for Vault with juju run vault/leader reissue-certificates, for others by removing the relation and adding it again',
  'name-in-subject-only': 'ask for the common name as a SAN too, if clients connect to it by that name',
  'wrong-purpose':
    "check the role or profile in the provider's configuration, then have the provider issue it anew: for Vault with juju run vault/leader reissue-certificates, for others by removing the relation and adding it again",
  'key-mismatch':
    'do not install it, the service would not start: have the provider issue it anew: for Vault with juju run vault/leader reissue-certificates, for others by removing the relation and adding it again',
  'key-unusable':
    'do not install it, the service would not start: have the provider issue it anew: for Vault with juju run vault/leader reissue-certificates, for others by removing the relation and adding it again',
  'expired':
    'look why it was not renewed in time, and have the provider issue it anew: for Vault with juju run vault/leader reissue-certificates, for others by removing the relation and adding it again',
  'not-yet-valid': 'compare the clocks of the machines; clients refuse it until then',
  'ends-soon':
    'see that the provider renews it before that day: for Vault with juju run vault/leader reissue-certificates, and for its CA with juju run vault/leader generate-root-ca or regenerate-intermediate-ca and upload-signed-csr',
  'untrusted':
    'have the provider publish the CA and the chain that signed it; if it was issued by a former CA, have the provider issue it anew: for Vault with juju run vault/leader reissue-certificates, for others by removing the relation and adding it again',
  'path-invalid':
    'have the CA set up anew, with the extensions that the message names; most clients refuse what it issues now',
  'weak-signature':
    'clients refuse it: have the provider use SHA-256 or better, then have the provider issue it anew: for Vault with juju run vault/leader reissue-certificates, for others by removing the relation and adding it again',
  'weak-key': 'have the provider use RSA of 2048 bits or more, or an elliptic curve, and issue it anew',
  'name-unusable': 'ask for a host name or address instead; it is never held against a certificate',
  'client-name-missing': 'nothing, unless a server checks the names of its clients',
  'negative-serial-number': 'have the provider issue it anew, with a positive serial number',
  'private-key-published':
    "count the key as stolen: have the provider take it out of that value and make a new one; a CA's key means a new CA (for Vault: juju run vault/leader disable-pki, then generate-root-ca), any other: have the provider issue it anew: for Vault with juju run vault/leader reissue-certificates, for others by removing the relation and adding it again",
  'wrong-order':
    'have the provider put the certificate first and its CA behind it, as every server wants it: report it to the authors of its charm',
  'not-judged':
    'nothing is known to be wrong: try it with the service and its clients, or have the provider use RSA, P-256, P-384, P-521 or Ed25519',
  'pem-form':
    "report it to the authors of the provider's charm; what tls-certificates installs is written anew in a form that every server loads",
  'key-label':
    "nothing for what tls-certificates installs, which gets the right label; report it to the authors of the provider's charm",
  'key-exchange-only':
    "have the provider's role or profile add digitalSignature to the key usage, then have the provider issue it anew: for Vault with juju run vault/leader reissue-certificates, for others by removing the relation and adding it again",
  'ca-out-of-date': 'nothing while the CA is being replaced; afterwards have the provider take it out',
  'protocols-differ':
    'relate the application to a provider that speaks its protocol: reactive requirers to EasyRSA or Vault 1.8, those that publish CSRs to self-signed-certificates, Vault 1.15 or later and the like; remove this relation with juju remove-relation, or upgrade the charm that speaks the older protocol with juju refresh',
  'request-denied': 'read what the provider says; its operator decides what it issues',
  'request-unsupported':
    "ask for what the provider issues: see the charm's options with juju config <requirer>, or those of the provider with juju config <provider>; or relate to another provider",
  'request-signature-invalid':
    'have the charm that asks make a new key and request: report it to the authors of its charm, for the provider cannot do anything about it',
  'ca-flag-missing':
    'upgrade the charm that asks with juju refresh, so that it publishes "ca" with each request; until then such a provider takes the request for withdrawn',
  'certificate-revoked':
    "the provider issues a new one for the same request, mostly after a change of its CA: wait for its next hook, then look into its log with juju debug-log --include <provider>, or have the unit ask anew by its charm's action, if it has one (juju actions <requirer>)",
  'several-answers':
    "wait for the provider's next hook; if it stays, report it to the authors of the provider's charm: it has to replace the former certificate",
  'answered-and-refused':
    "the certificate counts, and the refusal is probably out of date: report it to the authors of the provider's charm",
  'leaf-missing':
    "have the provider's charm put the certificate first in its chain; a charm that installs the chain as it is serves the wrong certificate first",
  'chain-disordered':
    "have the provider's charm put each certificate before the one that signed it; servers send the chain as it is, and many clients refuse this order",
  'issuer-differs':
    'have the provider publish the CA that signed the certificate as ca; a charm that trusts the one that is there trusts another CA',
  'root-missing': 'nothing, if the clients trust the root already; otherwise give it to them by another way',
  'malformed-value': 'have the unit named here publish it anew; see docs/findings.md',
  'malformed-entry': 'have the unit named here publish it anew; see docs/findings.md',
  'incomplete-answer': "wait for the provider's next hook; if it stays, remove the relation and add it again",
  'stale-answer': "wait for the provider's next hook; if it stays, remove the relation and add it again",
  'sans-replaced': 'nothing',
  'repeat-ignored': 'nothing, unless the certificate has to carry the new names',
  'withdrawn-and-requested': 'take the name out of requests or out of withdraw',
  'no-relation': 'relate the application to a provider',
  'unknown-flag': 'correct the flag',
  'not-a-name':
    'correct the name where the unit takes it from, e.g. with juju config web <option>=…: no provider can issue it',
  'request-refused': 'ask for something that the CA may issue, or change its policy',
  'answer-withdrawn': 'nothing: nobody asks for it any more',
  'unit-name-taken':
    'upgrade the charm of this unit, or remove the unit and add it again; two units must not share a name',
};

/** By code; absent for an unknown code. */
export const REMEDIES: Readonly<Record<string, string>> = remedies;

/** The names that a remedy uses. */
export interface Parties {
  /** The applications by their Juju names; null if nobody saw them. */
  readonly requirer: string | null;
  /** The application that answers; null where it is not known. */
  readonly provider: string | null;
}

/** Remedies for a refusal, by the provider's code. */
const DENIED: Readonly<Record<number, string>> = {
  [ERROR_CODES.ip_not_allowed]:
    'this provider issues no certificates for IP addresses: have the charm ask for host names only (juju config <requirer>), or have the operator of <provider> allow addresses (juju config <provider>)',
  [ERROR_CODES.domain_not_allowed]:
    'the name is outside the domains of this provider: give the charm a name inside them (juju config <requirer>), or have the operator of <provider> allow this one (juju config <provider>)',
  [ERROR_CODES.wildcard_not_allowed]:
    'this provider issues no wildcards: have the charm ask for each name (juju config <requirer>), or have the operator of <provider> allow wildcards (juju config <provider>)',
  [ERROR_CODES.server_not_available]:
    'the provider cannot reach the CA behind it: see juju status <provider> and juju debug-log --include <provider>; nothing is wrong with the request, which is answered once the CA is back',
  [ERROR_CODES.other]:
    'the message says why; if it does not help, ask the operator of <provider>, or look into juju debug-log --include <provider>',
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
