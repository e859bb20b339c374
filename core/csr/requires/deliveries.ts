/**
 * What a requirer's view delivers: every certificate that there is, whatever the state of its request, and how far each request has come.
 *
 * @module
 */
import type { Delivery, RequestProgress } from '../../side/row.ts';
import type { CsrRequiresView } from './view.ts';

/** The deliveries of a view, in the order of its requests. */
export const deliveriesOf = ({ requests }: CsrRequiresView): ReadonlyArray<Delivery> =>
  requests.flatMap(({ request: { certType, commonName, sans }, certificate, ca, chain, keyName }) =>
    certificate === null ? [] : [{
      request: { certType, commonName, sans },
      certificate,
      ca,
      chain,
      key: keyName === null ? null : { kept: keyName },
    }]
  );

/** The requests of a view. */
export const askedIn = ({ requests }: CsrRequiresView): ReadonlyArray<RequestProgress> =>
  requests.map(({ request: { certType, commonName, sans }, relationId, state }) => ({
    relationId,
    unit: null,
    certType,
    commonName,
    sans,
    state,
    isSettled: state === 'answered',
  }));
