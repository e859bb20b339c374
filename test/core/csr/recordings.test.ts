/**
 * The recordings of the Python library 1.12.0, replayed hook by hook: databags byte for byte, what is delivered and what is refused.
 * Where we decide differently, the table says which decision (C1 to C16, or an overlap of ours) it is.
 *
 * The keys and CSRs are those that Python made: what it published in a hook is what our keyring would have made.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type CsrProvidesView, type CsrRequiresView, decodeInput } from '../../../core/csr/mod.ts';
import { emptyMemory, type Memory, type Outcome, type Relation, type Snapshot } from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import { csrsIn } from './world.ts';

type Bag = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;

interface Secret {
  readonly label: string;
  readonly content: Bag;
}

interface Event {
  readonly name: string;
  readonly certificate: string;
  readonly certificateSigningRequest: string;
  readonly ca: string;
  readonly chain: ReadonlyArray<string>;
}

interface Step {
  readonly hook: string;
  readonly snapshot: Snapshot & { readonly secrets: ReadonlyArray<Secret> };
  readonly mode: string;
  readonly requests?: ReadonlyArray<Json>;
  readonly requestsByMode?: Readonly<Record<string, ReadonlyArray<Json>>> | null;
  readonly privateKey?: string | null;
  readonly renewalRelativeTime?: number;
  readonly capabilities?: Json | null;
  readonly calls: ReadonlyArray<unknown>;
  readonly result: {
    readonly exit: number;
    readonly localUnitData: Readonly<Record<string, Bag>>;
    readonly localApplicationData: Readonly<Record<string, Bag>>;
    readonly events: ReadonlyArray<Event>;
    readonly secrets: ReadonlyArray<Secret>;
    readonly view: Readonly<Record<string, ReadonlyArray<Json>>> | null;
  };
}

interface Recording {
  readonly name: string;
  readonly side: string;
  readonly steps: ReadonlyArray<Step>;
}

/** How one step differs from the recording, and why. */
interface Divergence {
  readonly because: string;
  /** CSRs that stand before those of the recording: the old one, beside the new one. */
  readonly oldBeside?: true;
  /** Keys of the unit's bag that Python deletes. */
  readonly keeps?: ReadonlyArray<string>;
  /** The recorded request list is a function of the capabilities; this is what it gives. */
  readonly requests?: ReadonlyArray<Json>;
  /** How many certificates are delivered, where it is not as many as Python tells of. */
  readonly delivered?: number;
  /** How many requests are not answered. */
  readonly outstanding?: number;
  /** Codes of all findings. */
  readonly findings?: ReadonlyArray<string>;
}

const overlap: Divergence = {
  because: 'overlap: the old CSR stays beside the new one until that is answered',
  oldBeside: true,
  delivered: 1,
};

const cnOnly: Divergence = { because: 'C9', findings: ['name-in-subject-only'] };

const DIVERGENCES: Readonly<Record<string, Readonly<Record<number, Divergence>>>> = {
  'end-to-end-requires': { 2: overlap },
  'end-to-end-provides': { 1: { because: 'a withdrawal is told', findings: ['answer-withdrawn'] } },
  'provides-drops-certificates-without-csr': {
    1: { because: 'a withdrawal is told', findings: ['answer-withdrawn'] },
    2: { because: 'a withdrawal is told', findings: ['answer-withdrawn'] },
  },
  'provides-not-leader': { 0: { because: 'who does not lead is told', findings: ['not-leader'] } },
  'provides-two-relations': { 0: { because: 'C16: each relation by itself', outstanding: 3 } },
  'requires-app-certificate-available': { 0: cnOnly },
  'requires-app-leader-elected': { 0: cnOnly },
  'requires-capabilities': {
    0: {
      because: 'the function of the capabilities is the charm’s',
      requests: [{ commonName: 'web.example', sansDns: ['web.example'] }],
    },
  },
  'requires-denied': {
    0: { because: 'a refusal is told', findings: ['request-denied'] },
    1: { because: 'a refusal is told', findings: ['request-denied'] },
  },
  'requires-no-relation': { 0: { because: 'told', findings: ['no-relation'] } },
  'requires-relation-broken': {
    1: { because: 'the broken relation is not in a snapshot of ours', findings: ['no-relation'] },
  },
  'requires-renew-on-demand': { 1: overlap },
  'requires-renewal-by-secret-expiry': { 1: overlap },
  'requires-renewal-without-unique-id-ecdsa': { 1: overlap },
  'requires-renewal-without-unique-id-rsa': {
    1: { because: 'C7, and what is answered is delivered', delivered: 1, findings: ['renewal-without-change'] },
  },
  'requires-safety-net-past': { 0: overlap },
  'requires-unit-bag-with-other-keys': {
    0: { because: 'C1', keeps: ['egress-subnets', 'ingress-address', 'private-address', 'stranger'] },
  },
};

const FOLDER = new URL('../../vectors/csr/', import.meta.url);
const load = (file: string): Recording => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json')).sort();
const recordings = files.map(load);

const spki = (pem: string): string => createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64');

/** The public halves of the keys in secrets, and of a key that the charm gives. */
const keysIn = (secrets: ReadonlyArray<Secret>, given: string | null | undefined) => [
  ...(given === null || given === undefined
    ? []
    : (['unit', 'application'] as const).map((owner) => ({ owner, name: 'given', publicKey: spki(given) }))),
  ...secrets.flatMap(({ label, content: { 'private-key': key } }) =>
    key === undefined
      ? []
      : [{ owner: label.includes('-private-key-app-') ? 'application' : 'unit', name: label, publicKey: spki(key) }]
  ),
];

/** A request of Python's in our words. */
const requestOf = (mode: string) => (r: Json) => ({
  certType: mode === 'APP' ? 'application' : r['isCa'] === true ? 'intermediate' : 'server',
  commonName: r['commonName'] ?? '',
  // The lists are lists of strings, or absent; `1.2.3.4` would be an address without its prefix.
  sans: (['dns', 'ip', 'oid'] as const).flatMap((kind) => {
    const name = `sans${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    return ((r[name] ?? []) as ReadonlyArray<string>).map((san) => `${kind}:${san}`);
  }),
  subject: {
    organization: r['organization'],
    organizationalUnit: r['organizationalUnit'],
    emailAddress: r['emailAddress'],
    country: r['countryName'],
    stateOrProvince: r['stateOrProvinceName'],
    locality: r['localityName'],
  },
  uniqueIdentifier: r['addUniqueId'] ?? true,
});

interface Decided<View> {
  readonly snapshot: Snapshot;
  readonly outcome: Outcome<View>;
}

const decided = <View>(side: string, snapshot: unknown, intent: unknown, memory: Memory): Decided<View> => {
  const result = decodeInput({ side, snapshot, intent, memory });
  if (result._tag === 'Left') throw new Error(result.left.message);
  const { right } = result;
  // The caller names the side whose view it wants.
  const outcome = right.decided() as Outcome<View>;
  return { snapshot: snapshotAfter(right.snapshot, outcome.writes), outcome };
};

const without = (step: Step): Json => {
  const { secrets: _, ...snapshot } = step.snapshot;
  // In our snapshots a broken relation is gone.
  return step.hook.endsWith('-broken') ? { ...snapshot, relations: [] } : { ...snapshot };
};

const unique = <A>(
  all: ReadonlyArray<A>,
): ReadonlyArray<A> => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];

/** What Python published in this hook that was not there before. */
const madeIn = ({ snapshot, result }: Step): ReadonlyArray<string> =>
  snapshot.relations.flatMap(({ id, localUnitData, localApplicationData }) => {
    const before = new Set([...csrsIn(localUnitData), ...csrsIn(localApplicationData)]);
    return [...csrsIn(result.localUnitData[id]), ...csrsIn(result.localApplicationData[id])]
      .filter((csr) => !before.has(csr));
  });

/** One hook of a requirer: decided, made what is missing, decided again. */
const asked = (step: Step, { requests: resolved }: Partial<Divergence>, memory: Memory) => {
  const requests = [
    ...(resolved ?? step.requests ?? []).map(requestOf(step.mode)),
    ...Object.entries(step.requestsByMode ?? {}).flatMap(([mode, all]) => all.map(requestOf(mode))),
  ];
  const isRenewed = step.hook === 'secret-expired' || step.calls.includes('renewAssigned');
  const intent = {
    requests,
    renewAfter: step.renewalRelativeTime ?? 0.9,
    renew: isRenewed ? requests.map(({ certType, commonName }) => ({ certType, commonName })) : [],
  };
  const before = keysIn(step.snapshot.secrets, step.privateKey);
  const idle = decided<CsrRequiresView>('csr/requires', { ...without(step), keys: before }, intent, memory);
  const keys = unique([...keysIn(step.result.secrets, step.privateKey), ...before]);
  const made = madeIn(step);
  return decided<CsrRequiresView>('csr/requires', { ...idle.snapshot, keys }, { ...intent, made }, idle.outcome.memory);
};

const camel = (o: Json): Json =>
  Object.fromEntries(
    Object.entries(o)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name.replace(/_(.)/g, (_, c: string) => c.toUpperCase()), value]),
  );

/** One hook of a provider: the library's own handler, then the charm's calls. */
const provided = (step: Step) => {
  const findings: Array<string> = [];
  let { snapshot, outcome } = decided<CsrProvidesView>('csr/provides', without(step), {
    capabilities: step.capabilities === null || step.capabilities === undefined
      ? step.capabilities
      : camel(step.capabilities),
  }, emptyMemory);
  const told = (): void => void findings.push(...outcome.findings.map(({ code }) => code));
  told();
  for (const call of step.calls as ReadonlyArray<Json>) {
    const { relationId, certificateSigningRequest: csr } = call;
    const intent = call['call'] === 'setCertificate'
      ? { answers: [{ relationId, csr, certificate: call['certificate'], ca: call['ca'], chain: call['chain'] }] }
      : call['call'] === 'setError'
      ? { refusals: [{ relationId, csr, ...camel(call['error'] as Json) }] }
      : {
        revoked: snapshot.relations.flatMap(({ id, localApplicationData: { certificates = '[]' } }) =>
          JSON.parse(certificates).map((one: Json) => ({ relationId: id, csr: one['certificate_signing_request'] }))
        ),
      };
    ({ snapshot, outcome } = decided<CsrProvidesView>('csr/provides', snapshot, intent, outcome.memory));
    told();
  }
  return { snapshot, view: outcome.view, findings };
};

const bagsOf = (relations: ReadonlyArray<Relation>, field: 'localUnitData' | 'localApplicationData') =>
  Object.fromEntries(relations.map((relation) => [relation.id, { ...relation[field] }]));

describe('the recordings of the Python library', () => {
  it('are all here', () => {
    assert.equal(files.length, 50);
    const known = new Set(recordings.map(({ name }) => name));
    assert.deepEqual(Object.keys(DIVERGENCES).filter((name) => !known.has(name)), []);
    assert.equal(recordings.filter(({ side }) => side === 'bridge').length, 4);
  });

  for (const { name, steps } of recordings.filter(({ side }) => side === 'csr/requires')) {
    it(`${name} gives the same databags, certificates and refusals`, () => {
      let memory: Memory = emptyMemory;
      for (const [i, step] of steps.entries()) {
        const d: Partial<Divergence> = DIVERGENCES[name]?.[i] ?? {};
        const where = `step ${i} (${step.hook}), decided by ${d.because ?? 'the recording'}`;
        assert.equal(step.result.exit, 0, where);
        const { snapshot, outcome } = asked(step, d, memory);
        memory = outcome.memory;
        for (const { id, localUnitData, localApplicationData } of snapshot.relations) {
          const before = step.snapshot.relations.find((relation) => relation.id === id);
          const kept = (d.keeps ?? []).map((key) => [key, before?.localUnitData[key]]);
          const theirs = step.result.localUnitData[id] ?? {};
          if (d.oldBeside) {
            const all = [...csrsIn(before?.localUnitData), ...csrsIn(theirs)];
            assert.deepEqual(csrsIn(localUnitData), all, where);
          } else {
            assert.deepEqual({ ...localUnitData }, { ...theirs, ...Object.fromEntries(kept) }, where);
          }
          assert.deepEqual({ ...localApplicationData }, step.result.localApplicationData[id] ?? {}, where);
        }
        const available = step.result.events.filter((event) => event.name === 'certificate-available');
        const delivered = outcome.view.requests.filter(({ certificate }) => certificate !== null);
        assert.equal(delivered.length, d.delivered ?? available.length, where);
        if (d.delivered === undefined) {
          assert.deepEqual(
            delivered.map(({ csr, certificate, ca, chain }) => ({ csr, certificate, ca, chain })),
            available.map((e) => ({
              csr: e.certificateSigningRequest,
              certificate: e.certificate,
              ca: e.ca,
              chain: e.chain,
            })),
            where,
          );
        }
        const denied = step.result.events.filter((event) => event.name === 'certificate-denied');
        assert.equal(outcome.view.requests.filter((request) => request.denied !== null).length, denied.length, where);
        assert.deepEqual(outcome.findings.map(({ code }) => code), d.findings ?? [], where);
      }
    });
  }

  for (const { name, steps } of recordings.filter(({ side }) => side === 'csr/provides')) {
    it(`${name} gives the same databags, requests and findings`, () => {
      for (const [i, step] of steps.entries()) {
        const d: Partial<Divergence> = DIVERGENCES[name]?.[i] ?? {};
        const where = `step ${i} (${step.hook}), decided by ${d.because ?? 'the recording'}`;
        assert.equal(step.result.exit, 0, where);
        const { snapshot, view, findings } = provided(step);
        assert.deepEqual(
          bagsOf(snapshot.relations, 'localApplicationData'),
          step.result.localApplicationData,
          `application in ${where}`,
        );
        assert.deepEqual(bagsOf(snapshot.relations, 'localUnitData'), step.result.localUnitData, `unit in ${where}`);
        const python = step.result.view ?? {};
        assert.equal(view.requests.length, python['certificateRequests']?.length, where);
        // A denied request stays outstanding in Python.
        assert.equal(
          view.requests.filter(({ state }) => state !== 'answered').length,
          d.outstanding ?? python['outstandingCertificateRequests']?.length,
          where,
        );
        assert.deepEqual([...new Set(findings)], d.findings ?? [], where);
      }
    });
  }

  for (const { name, steps } of recordings.filter(({ side }) => side !== 'bridge')) {
    it(`${name} changes nothing when it is decided again`, () => {
      for (const step of steps) {
        const side = name.includes('provides') ? 'csr/provides' : 'csr/requires';
        const once = decided(side, without(step), {}, emptyMemory);
        const twice = decided(side, once.snapshot, {}, once.outcome.memory);
        assert.deepEqual([twice.outcome.writes, twice.outcome.flags], [[], { set: [], clear: [] }]);
      }
    });
  }
});
