/**
 * One delivery for each request that has a certificate, whichever protocol brought it. The relation that is asked comes first, in the form
 * in which it is asked.
 *
 * @module
 */
import type { CsrRequest } from '../../csr/requires/intent.ts';
import type { RequestView } from '../../csr/requires/view.ts';
import { type Certificate, type CertType, redacted } from '../../model/certificate.ts';
import { deliveriesOf as reactiveDeliveriesOf } from '../../reactive/requires/deliveries.ts';
import { requestKeyOf } from '../../reactive/asked.ts';
import { APPLICATION_ENTRY } from '../../reactive/wire.ts';
import type { Delivery } from '../../side/row.ts';
import type { Spoken } from '../protocol.ts';
import type { CsrHalf } from './csr-half.ts';
import type { ReactiveAnswers, ReactiveHalf } from './reactive-half.ts';
import type { AnyDelivery, AnyRequiresView } from './view.ts';

/** An application has one certificate, whatever common name each request gives. */
const nameFor = (certType: CertType, commonName: string): Certificate['commonName'] =>
  certType === 'application' ? APPLICATION_ENTRY : commonName;

const byCsr = (request: CsrRequest, view: RequestView | undefined): AnyDelivery | null => {
  if (view === undefined || view.certificate === null || view.relationId === null) return null;
  const { relationId, certificate, ca, chain, keyName } = view;
  const key = keyName === null ? null : { kept: keyName };
  return { request, protocol: 'csr', relationId, certificate, ca, chain, key };
};

/** The same, but printing it hides the key that was sent. */
const sentSafely = (delivery: AnyDelivery): AnyDelivery => {
  const { key } = delivery;
  return key !== null && 'sent' in key ? redacted({ ...delivery, key }) : delivery;
};

/** What one relation's provider delivers in the reactive form. */
const reactively = ({ relationId, view }: ReactiveAnswers): (request: CsrRequest) => AnyDelivery | null => {
  const bySubject = new Map<string, Delivery>();
  for (const delivery of reactiveDeliveriesOf(view)) {
    const key = requestKeyOf(delivery.request);
    // The first server request comes before the others of the same name.
    if (!bySubject.has(key)) bySubject.set(key, delivery);
  }
  return (request) => {
    const { certType, commonName } = request;
    const found = bySubject.get(requestKeyOf({ certType, commonName: nameFor(certType, commonName) }));
    if (found === undefined) return null;
    const { certificate, ca, chain, key } = found;
    return sentSafely({ request, protocol: 'reactive', relationId, certificate, ca, chain, key });
  };
};

/**
 * The delivery for each request, in the intent's order; null if there is none. `isSuperseded` tells for which requests an answer in the
 * reactive form no longer counts.
 */
export const deliveredFor = (
  requests: ReadonlyArray<CsrRequest>,
  { asked, followed }: CsrHalf,
  { answers }: ReactiveHalf,
  isSuperseded: (request: CsrRequest) => boolean,
): ReadonlyArray<AnyDelivery | null> => {
  const inReactive = answers.map(reactively);
  const byLeader = new Map(followed.map((view) => [view.request, view]));
  return requests.map((request, i) => {
    const delivery = byCsr(request, asked?.requests[i]);
    if (delivery !== null) return delivery;
    for (const from of isSuperseded(request) ? [] : inReactive) {
      const sent = from(request);
      if (sent !== null) return sent;
    }
    return byCsr(request, byLeader.get(request));
  });
};

/** The root CA, from the protocol that the asked relation speaks, otherwise from the other one. */
export const rootsOf = (
  spoken: Spoken,
  { asked }: CsrHalf,
  { answers }: ReactiveHalf,
): Pick<AnyRequiresView, 'rootCaCert' | 'rootCaChain'> => {
  const inReactive = answers.map(({ view: { rootCaCert, rootCaChain } }) => ({ rootCaCert, rootCaChain }));
  const all = [...(asked === null ? [] : [asked]), ...inReactive];
  const inOrder = spoken === 'reactive' ? [...inReactive, ...all] : all;
  const { rootCaCert, rootCaChain } = inOrder.find((one) => one.rootCaCert !== null) ??
    { rootCaCert: null, rootCaChain: null };
  return { rootCaCert, rootCaChain };
};
