/**
 * Issues for one request of the CSR side: for how long, for what use, or why not.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { ProvidedRequest } from '../../csr/provides/view.ts';
import type { KnownCsr } from '../../csr/texts.ts';
import type { CertType } from '../../model/certificate.ts';
import { readBundle } from '../../x509/bundle.ts';
import { type CsrIssueFault, issueFor } from '../../x509/issue-csr.ts';
import type { OpenAuthority } from '../authority.ts';
import { BACKDATED, daysAfter, type Moment } from '../moment.ts';
import type { Policy } from '../policy.ts';
import { subtreesOf } from '../subtrees.ts';
import { reasonOf } from '../words.ts';
import { kindsOf } from './asked.ts';
import { notIssued, other, type Refusing } from './refusals.ts';

const unavailable = (message: string): Refusing => ({ name: 'server_not_available', message });

/** Why nothing was issued, in the protocol's terms. */
const refusing = (fault: CsrIssueFault): Refusing => {
  switch (fault.code) {
    case 'request-missing':
    case 'request-unreadable':
      return other('the request cannot be read');
    case 'signature-invalid':
      return other('the signature of the request is not that of its key');
    case 'signature-hash-broken':
    case 'signature-algorithm-unsupported':
    case 'key-too-short':
    case 'key-unsupported':
      return other(`the signature of the request cannot be checked: ${fault.code}`);
    case 'extension-refused':
      return other(`the request insists on the extension ${fault.oid}, which is not issued as it asks for it`);
    case 'name-form-refused':
      return other(
        'the request has a name that is neither a host, an address, a mailbox, a URI nor an object identifier',
      );
    case 'validity-invalid':
    case 'validity-exceeds-issuer':
    case 'random-invalid':
    case 'signing-failed':
      return unavailable(reasonOf(fault));
    default:
      return other(reasonOf(fault));
  }
};

/** The usage of a certificate whose request names none: any, unless the policy or the constraints of a CA limit it. */
const usageFor = (
  { certTypes, allowedNames }: Policy,
  kinds: ReadonlyArray<CertType>,
): ReadonlyArray<'serverAuth'> | null =>
  kinds.includes('intermediate')
    ? (subtreesOf(allowedNames) === null ? null : ['serverAuth'])
    : certTypes.includes('client') || kinds.includes('client')
    ? null
    : ['serverAuth'];

/** A certificate for a request that the policy allows, or why none can be issued. */
export const issuedFor = async (
  { issuer, description: ca }: OpenAuthority,
  policy: Policy,
  request: ProvidedRequest,
  known: KnownCsr,
  { now, random }: Moment,
): Promise<E.Either<Refusing, string>> => {
  if (now.getTime() < Date.parse(ca.notBefore)) {
    return E.left(unavailable(`the CA begins at ${ca.notBefore}, which is in the future: a clock is wrong`));
  }
  const asked = kindsOf(request, known);
  if (E.isLeft(asked)) return E.left(notIssued(asked.left));
  const kinds = asked.right;
  const days = Math.min(...kinds.map((kind) => policy.kinds[kind].days));
  const made = await issueFor(
    {
      csr: known.pem,
      kinds,
      usage: usageFor(policy, kinds),
      subtrees: request.isCa ? subtreesOf(policy.allowedNames) : null,
    },
    issuer,
    {
      notBefore: new Date(Math.max(now.getTime() - BACKDATED, Date.parse(ca.notBefore))),
      notAfter: new Date(Math.min(daysAfter(now, days).getTime(), Date.parse(ca.notAfter))),
      random,
    },
  )();
  if (E.isLeft(made)) return E.left(refusing(made.left));
  const fault = readBundle(made.right).faults[0];
  return fault === undefined
    ? made
    : E.left(other(`the certificate would be one that is refused when it is read: ${fault.flaw ?? fault.code}`));
};
