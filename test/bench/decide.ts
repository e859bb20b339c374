/**
 * How long `decide` takes for many granted certificates, beside the least that anybody could do for them: parse each remote JSON
 * value once, and serialise the written values once. The hashing, which the memory needs, is measured apart.
 *
 * Prints one JSON line per size. A ratio here says nothing of certificates that are larger or smaller than real ones, nor of a
 * cold start; times of different machines or runs are not to be compared.
 *
 * @module
 */
import { measure } from 'mitata';
import { digestOf } from '../../core/digest.ts';
import { decide, decideInput } from '../../mod.ts';
import { decoded } from '../world.ts';
import { granted } from './granted.ts';

const SIZES = [10, 100, 1_000, 10_000];

/** Median milliseconds. */
const median = async (work: () => unknown): Promise<number> => (await measure(work, { min_cpu_time: 4e8 })).p50 / 1e6;

for (const n of SIZES) {
  const document = granted(n);
  const input = decoded(document);
  const outcome = decideInput(input);
  const raw = input.snapshot.relations[0]?.remoteUnits['easyrsa/0' as never]?.['web_0.processed_requests'] ?? '';
  const values = Object.values(outcome.writes[0]?.set ?? {}).map((
    text,
  ) => (text.startsWith('{') ? JSON.parse(text) : text));
  const contents = outcome.view.serverCerts.flatMap((
    { certType, commonName, cert, key },
  ) => [certType, commonName, cert, key]);

  const floor = await median(() => [JSON.parse(raw), values.map((value) => JSON.stringify(value))]);
  const hashing = await median(() => digestOf(contents));
  const typed = await median(() => decideInput(input));
  const whole = await median(() => decide(document));
  console.log(JSON.stringify({ n, floor, hashing, typed, whole }));
}
