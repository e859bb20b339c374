/**
 * How long a provider's hook takes in which many requests are answered, beside the least that anybody could do for them: parse what is
 * asked once, and serialise the answers once. Then how long it takes to look at them again, in the next hook, with nothing to do.
 *
 * The answers are made before; issuing is measured in x509.ts. Prints one JSON line per size.
 *
 * @module
 */
import { measure } from 'mitata';
import { emptyMemory, nothingToPublish, type PrivateKey, provides, publish, setCert } from '../../mod.ts';
import { snapshotAfter } from '../../adapters/port.ts';
import { decodedProvides } from '../world.ts';

const SIZES = [10, 100, 1_000, 10_000];

/** Requests of one unit, as in the largest deployments. */
const PER_UNIT = 20;

const CERT = `-----BEGIN CERTIFICATE-----\n${
  'MIIDVDCCAjygAwIBAgIUf23CTXFrZQenVJ48T5zb\n'.repeat(16)
}-----END CERTIFICATE-----\n`;
const KEY = `-----BEGIN PRIVATE KEY-----\n${
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0w\n'.repeat(4)
}-----END PRIVATE KEY-----\n`;

/** Units with their requests, so many in all. */
const asked = (n: number): ReadonlyArray<readonly [unit: string, requests: string]> =>
  Array.from({ length: Math.ceil(n / PER_UNIT) }, (_, unit) => {
    const names = Array.from(
      { length: Math.min(PER_UNIT, n - unit * PER_UNIT) },
      (_, i) => `s${i}.web-${unit}.example`,
    );
    return [
      `web/${unit}`,
      JSON.stringify(Object.fromEntries(names.map((name) => [name, { sans: [name, '10.0.0.7'] }]))),
    ];
  });

/** Median milliseconds. */
const median = async (work: () => unknown): Promise<number> => (await measure(work, { min_cpu_time: 4e8 })).p50 / 1e6;

for (const n of SIZES) {
  const units = asked(n);
  const remoteUnits = Object.fromEntries(
    units.map(([unit, requests]) => [unit, { unit_name: unit.replace('/', '_'), cert_requests: requests }]),
  );
  const { snapshot } = decodedProvides({
    side: 'reactive/provides',
    snapshot: {
      localUnit: 'ca/0',
      endpoint: 'clients',
      relations: [{ id: 'clients:0', localUnitData: {}, remoteUnits }],
    },
  });
  // A key is text to the core.
  const key = KEY as PrivateKey;
  const answer = () => {
    const { view } = provides.decide(snapshot, nothingToPublish, emptyMemory);
    return provides.decide(snapshot, publish(...view.newRequests.map((r) => setCert(r, CERT, key))), emptyMemory);
  };
  const { writes, memory } = answer();
  const after = snapshotAfter(snapshot, writes);
  const values = Object.values(writes[0]?.set ?? {}).map((text) => JSON.parse(text));

  const floor = await median(() => [units.map(([, text]) => JSON.parse(text)), values.map((v) => JSON.stringify(v))]);
  const answering = await median(answer);
  const idle = await median(() => provides.decide(after, nothingToPublish, memory));
  console.log(JSON.stringify({ n, floor, answering, idle, memory: JSON.stringify(memory).length }));
}
