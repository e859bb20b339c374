/**
 * How long `decide` of the CSR sides takes for many requests, beside the least that anybody could do for them: parse each JSON value once,
 * and read the DER of each CSR and certificate once. Decoding the document is not in it.
 *
 * The requirer finds every CSR answered; the provider is given an answer to each, and then looks at all of it again with nothing to do.
 * Prints one JSON line per size.
 *
 * @module
 */
import { measure } from 'mitata';
import { readCertificate } from '../../core/x509/certificate.ts';
import { readCsr } from '../../core/x509/csr.ts';
import { firstBlock, type WantedBlock } from '../../core/x509/first-block.ts';
import { snapshotAfter } from '../../adapters/port.ts';
import { certificatePem, csrPem, ecKey, ROOT } from '../core/csr/forge.ts';
import { answering, asking, entry, kept, providesInput, relation, requiresInput } from '../core/csr/world.ts';

const SIZES = [10, 100, 1_000, 10_000];

/** Median milliseconds. */
const median = async (work: () => unknown): Promise<number> =>
  (await measure(work, { min_cpu_time: 4e8, min_samples: 5 })).p50 / 1e6;

const KEY = ecKey(1);

const read = (pem: string, kind: WantedBlock): unknown => {
  const der = firstBlock(pem, kind);
  if (der === null) throw new Error('there is no block');
  return kind === 'request' ? readCsr(der) : readCertificate(der);
};

for (const n of SIZES) {
  const names = Array.from({ length: n }, (_, i) => `n${i}.example`);
  const pairs = names.map((name) => {
    const made = { key: KEY, commonName: name, sans: [`dns:${name}`, 'ip:0a000007'] };
    return [csrPem(made), certificatePem(made)] as const;
  });
  const csrs = asking(...pairs.map(([csr]) => csr));
  const answers = answering(...pairs.map(([csr, certificate]) => entry(csr, certificate)));

  const floor = await median(() => {
    for (const text of [...Object.values(csrs), ...Object.values(answers)]) JSON.parse(text);
    for (const [csr, certificate] of pairs) {
      read(csr, 'request');
      read(certificate, 'certificate');
    }
    read(ROOT, 'certificate');
  });

  const requirer = requiresInput({
    keys: [kept(KEY)],
    relations: [relation({ localUnitData: csrs, remoteApplicationData: answers })],
    intent: {
      requests: names.map((commonName) => ({ certType: 'server', commonName, sans: [commonName, '10.0.0.7'] })),
    },
  });
  const requires = await median(() => requirer.decided());

  const world = { relations: [relation({ remoteUnits: { 'x/0': csrs } })] };
  const provider = providesInput({
    ...world,
    intent: {
      answers: pairs.map(([csr, certificate]) => ({
        relationId: 'certificates:3',
        csr,
        certificate,
        ca: ROOT,
        chain: [certificate, ROOT],
      })),
    },
  });
  const answered = await median(() => provider.decided());
  const after = snapshotAfter(provider.snapshot, provider.decided().writes);
  const resting = providesInput({ relations: JSON.parse(JSON.stringify(after.relations)) });
  const idle = await median(() => resting.decided());
  console.log(JSON.stringify({ n, floor, requires, answered, idle }));
}
