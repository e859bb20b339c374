/**
 * What to do about a finding, in one line for an operator; `docs/findings.md` says more.
 *
 * @module
 */
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
  'unreadable-certificate': 'have the provider issue the certificate anew: remove the relation and add it again',
  'names-missing':
    'clients will refuse the missing names: have the provider issue the certificate anew, and check whether it supports such names',
  'name-in-subject-only': 'ask for the common name as a SAN too, if clients connect to it by that name',
  'wrong-purpose':
    "have the provider issue it for this purpose: check the role or profile in the provider's configuration",
  'key-mismatch': 'do not install it, the service would not start: have the provider issue the certificate anew',
  'key-unusable': 'do not install it, the service would not start: have the provider issue the certificate anew',
  'expired': 'have the provider issue it anew, and look why it was not renewed in time; clients refuse it',
  'not-yet-valid': 'compare the clocks of the machines; clients refuse it until then',
  'ends-soon': 'have the provider renew it before that day',
  'untrusted':
    'clients that trust the published CA will refuse it: have the provider publish the CA and chain that signed it, or issue it anew',
  'path-invalid': 'clients will refuse it: the CA has to be set up anew, with the right extensions',
  'weak-signature': 'have the provider use SHA-256 or better, and issue it anew',
  'weak-key': 'have the provider use RSA of 2048 bits or more, or an elliptic curve, and issue it anew',
  'name-unusable': 'ask for a host name or address instead; it is never held against a certificate',
  'client-name-missing': 'nothing, unless a server checks the names of its clients',
  'negative-serial-number': 'have the provider issue it anew, with a positive serial number',
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

/** By code; nothing for a code that is not known. */
export const REMEDIES: Readonly<Record<string, string>> = remedies;
