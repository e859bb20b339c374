/**
 * What a requirer's view delivers: every certificate that is there, whatever the state of its request.
 *
 * @module
 */
import type { Delivery } from '../../side/row.ts';
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
