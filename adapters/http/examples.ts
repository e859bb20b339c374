/**
 * An example of each operation for the documentation: the request and the answer. A test sends them all.
 *
 * In an answer, a text that ends in `…` stands for any text with the same beginning, and fields may be left out.
 *
 * @module
 */
import { requires } from '../../core/reactive/requires.ts';
import type { OperationName } from './api.ts';

/** A request with its answer. */
export interface Example {
  /** Absent if nothing is sent. */
  readonly request?: unknown;
  readonly status: number;
  /** Absent if nothing is returned. */
  readonly answer?: unknown;
}

const PEM = '-----BEGIN CERTIFICATE-----…';

const relation = (localUnitData: object) => ({
  id: 'certificates:3',
  localUnitData,
  remoteUnits: { 'easyrsa/0': {} },
});

const snapshot = (localUnitData: object) => ({
  localUnit: 'web/0',
  endpoint: 'certificates',
  relations: [relation(localUnitData)],
});

/** What is reported about a session. */
const session = { id: 'my-test', protocol: 'reactive', ca: PEM };

/** By operation; those of sessions are sent in order, to a session that `createProvider` has made. */
export const EXAMPLES: Readonly<Record<OperationName, Example>> = {
  decide: {
    request: {
      side: requires.name,
      snapshot: snapshot({}),
      intent: { requests: [{ certType: 'server', commonName: 'web.example', sans: ['10.0.0.7'] }] },
    },
    status: 200,
    answer: {
      writes: [{
        relationId: 'certificates:3',
        bag: 'unit',
        set: { common_name: 'web.example', sans: '["10.0.0.7"]', unit_name: 'web_0' },
        delete: [],
      }],
      flags: { set: ['certificates.available'], clear: [] },
      memory: { flags: ['certificates.available'], digests: {} },
      view: { rootCaCert: null, serverCerts: [] },
      findings: [],
    },
  },
  inspect: {
    request: {
      side: requires.name,
      snapshot: snapshot({ unit_name: 'web_0', common_name: 'web.example', sans: '["10.0.0.7"]' }),
    },
    status: 200,
    answer: {
      examinations: [{
        relationId: 'certificates:3',
        requirer: 'web/0',
        protocol: 'reactive',
        providers: ['easyrsa/0'],
        requests: [{
          certType: 'server',
          commonName: 'web.example',
          sans: ['10.0.0.7'],
          state: 'unanswered',
          answer: null,
          findings: [{
            code: 'unanswered',
            severity: 'warning',
            place: { relationId: 'certificates:3', unit: 'web/0', commonName: 'web.example' },
          }],
        }],
      }],
    },
  },
  createProvider: {
    request: { id: 'my-test', faults: [{ fault: 'expired', commonName: 'web.example' }] },
    status: 201,
    answer: { ...session, faults: [{ fault: 'expired', commonName: 'web.example' }], requests: [] },
  },
  readProvider: { status: 200, answer: { ...session, requests: [] } },
  databag: {
    request: { unit: 'web/0', databag: { unit_name: 'web_0', common_name: 'web.example', sans: '["10.0.0.7"]' } },
    status: 200,
    answer: {
      relationId: 'certificates:0',
      unit: 'provider/0',
      databag: { 'ca': PEM, 'web_0.server.cert': PEM, 'web_0.server.key': '-----BEGIN PRIVATE…' },
      findings: [],
    },
  },
  faults: {
    request: { faults: [{ fault: 'never', commonName: 'web.example' }] },
    status: 200,
    answer: { ...session, faults: [{ fault: 'never', commonName: 'web.example' }] },
  },
  advance: { request: { seconds: 86_400 }, status: 200, answer: session },
  rotate: { status: 200, answer: session },
  depart: { request: { unit: 'web/0' }, status: 200, answer: { relationId: null, databag: {}, findings: [] } },
  deleteProvider: { status: 204 },
  health: { status: 200, answer: { status: 'ok' } },
};
