/**
 * The endpoints for trust of a charm without code, in addition to its certificates.
 *
 * This room loads X.509; it is imported only for a configuration with such an endpoint. Source: docs/certificate-transfer.md.
 *
 * @module
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { trustProvides } from '../../core/trust/provides.ts';
import { type TrustProvidesIntent, withCertificates } from '../../core/trust/provides/intent.ts';
import type { Machine } from '../install/mod.ts';
import { wanting } from '../reaction.ts';
import { besideOn } from './beside.ts';
import type { TrustEndpoint, TrustGiven } from './config/trust.ts';
import type { Beside } from './hook.ts';
import { takenOn } from './trust-taken.ts';

/** An endpoint on which the charm's own CA certificates go out: those that the main endpoint has arrived at in this hook. */
const givenOn = ({ endpoint }: TrustGiven): Beside =>
  besideOn(endpoint, trustProvides, (_hook, _state, cas) => {
    const intent: TrustProvidesIntent = cas === null ? trustProvides.nothing : { certificates: withCertificates(cas) };
    return TE.right({ side: trustProvides, intent, react: () => wanting(intent) });
  });

/** The endpoints in the order of the configuration. */
export const besideFor = (
  endpoints: ReadonlyArray<TrustEndpoint>,
  status: boolean,
  machine: Machine,
): ReadonlyArray<Beside> =>
  endpoints.map((one, index) =>
    one.side === 'provides' ? givenOn(one) : takenOn(one, { name: `trust[${index}]`, status, machine })
  );
