/**
 * The check before an installation: it comes to the same verdict as an inspection, reads each certificate once, and what is installed ends
 * with the CA above it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { checkCa, checkPair } from '../../../adapters/install/check.ts';
import { readObserved } from '../../../adapters/reading/observed.ts';
import { nodeDisk } from '../../../adapters/file/disk.ts';
import { install } from '../../../adapters/install/install.ts';
import { emptyRecord, type InstallRecord } from '../../../adapters/install/record.ts';
import { type allFindings, examine } from '../../../core/examine/mod.ts';
import { generateKey, issue, issueRoot, openIssuer, type Shelf } from '../../../core/x509/mod.ts';
import { decide, type RequiresView } from '../../../mod.ts';
import type { Timestamp } from '../../../adapters/port.ts';
import { inFolder } from '../../command.ts';
import { FAULT_CASES, faultFile, isInspectCase } from '../../faults/cases.ts';
import { delivered } from './delivered.ts';
import { NOW, testAuthority, viewOf } from './authority.ts';
import { circumstances, installation, machineOn } from './machine.ts';

/** What was made; a test that cannot make it fails. */
const made = async <A>(
  work: () => Promise<{ _tag: 'Right'; right: A } | { _tag: 'Left'; left: unknown }>,
): Promise<A> => {
  const result = await work();
  return result._tag === 'Right' ? result.right : assert.fail(JSON.stringify(result.left));
};

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const terms = (from: string, to: string) => ({ notBefore: new Date(from), notAfter: new Date(to), random });

/** Documents of a requirer with an answer, among the measured faults. */
const CASES = FAULT_CASES.filter(isInspectCase).filter(({ files: [file = ''], inflate }) =>
  inflate === undefined && file.endsWith('.json') && faultFile(file).includes('reactive/requires')
);

/** What the hook would refuse of a document, and what an inspection calls an error. */
const verdictsOf = async (file: string): Promise<readonly [installed: string, inspected: string] | null> => {
  const text = faultFile(file);
  const decided = decide(JSON.parse(text));
  if (decided._tag === 'Left') return null;
  // The document is a requirer's.
  const view = decided.right.view as RequiresView;
  const read = readObserved([{ name: file, bytes: new TextEncoder().encode(text) }], NOW, null);
  if (read._tag === 'Left') return null;
  const { exchanges, now } = read.right;
  const { examinations } = await examine({ exchanges, now })();
  const request = examinations[0]?.requests.find(({ answer, sans }) => answer !== null && sans !== null);
  if (request === undefined) return null;
  const { certType, commonName, sans } = request;
  const all = [...view.serverCerts, ...view.clientCerts, ...view.applicationCerts, ...view.intermediateCerts];
  const certificate = all.find((one) => certType === 'application' || one.commonName === commonName);
  if (certificate === undefined) return null;
  const sources = { certificate, ca: view.rootCaCert, chain: view.rootCaChain };
  const wanted = { certType, commonName, sans: sans ?? [] };
  const checked = await checkPair(wanted, certificate, sources, now === null ? null : new Date(now));
  const told = (findings: ReturnType<typeof allFindings>): string =>
    [
      ...new Set(
        findings.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code}: ${message}`),
      ),
    ]
      .sort().join('\n');
  assert.equal(checked.contents === null, checked.findings.some(({ severity }) => severity === 'error'));
  const ofRequest = [
    ...request.findings,
    ...(examinations[0]?.findings ?? []).filter(({ place }) => place.key === 'ca' || place.key === 'chain'),
  ];
  return [told(checked.findings), told(ofRequest)];
};

describe('the check before an installation', () => {
  it('has the errors of an inspection, in the same words, for every measured fault', async () => {
    let compared = 0;
    for (const { id, files: [file = ''] } of CASES) {
      const verdicts = await verdictsOf(file);
      if (verdicts === null) continue;
      compared += 1;
      assert.equal(verdicts[0], verdicts[1], id);
    }
    assert.ok(compared >= 20, String(compared));
  });

  it('reads three certificates, each once', async () => {
    class Counting extends Map<string, never> {
      reads = 0;
      override set(key: string, value: never): this {
        this.reads += 1;
        return super.set(key, value);
      }
    }
    const authority = await testAuthority();
    const certificate = await authority.answer('server', 'web.example');
    const sources = { certificate, ca: authority.root, chain: authority.intermediate };
    const wanted = { certType: 'server', commonName: 'web.example', sans: ['web.example'] } as const;
    const shelf: Shelf & { readonly reads: number } = new Counting();
    const { contents } = await checkPair(wanted, certificate, sources, new Date(NOW), shelf);
    assert.ok(contents !== null);
    assert.equal(shelf.reads, 3);
  });

  it('writes anew what only some servers load', async () => {
    const authority = await testAuthority();
    const good = await authority.answer('server', 'web.example');
    const indented = (text: string): string => text.replaceAll('\n', '\r\n\t');
    const sources = { certificate: good, ca: indented(authority.root), chain: indented(authority.intermediate) };
    const wanted = { certType: 'server', commonName: 'web.example', sans: ['web.example'] } as const;
    const label = 'RSA PRIVATE KEY';
    const odd = {
      ...good,
      cert: indented(good.cert),
      key: good.key.replaceAll('PRIVATE KEY', label) as typeof good.key,
    };
    const { contents, findings } = await checkPair(wanted, odd, sources, new Date(NOW));
    assert.deepEqual([...new Set(findings.map(({ code }) => code))].sort(), ['key-label', 'pem-form']);
    assert.deepEqual(contents, {
      cert: good.cert,
      key: good.key,
      fullChain: `${good.cert}${authority.intermediate}`,
      ca: authority.root,
    });
  });

  it('what is installed ends with the CA above it, and the installation says so from hook to hook', () =>
    inFolder(async (path) => {
      for (const folder of ['web', 'trust']) mkdirSync(path(folder));
      const [rootKey, key] = [await made(generateKey('P-256')), await made(generateKey('P-256'))];
      const root = await made(
        issueRoot({ commonName: 'Our root', key: rootKey }, terms('2026-01-01', '2027-01-01')),
      );
      const issuer = await made(openIssuer({ certificate: root, key: rootKey }));
      // No certificate that outlives its CA is issued here; others issue them.
      const lasting = { ...issuer, certificate: { ...issuer.certificate, notAfter: Date.parse('2030-01-01') } };
      const request = {
        certType: 'server',
        commonName: 'web.example',
        sans: ['web.example'],
        holder: { key },
      } as const;
      const cert = await made(issue(request, lasting, terms('2026-11-01', '2027-11-01')));
      const serverCerts = [{ certType: 'server', commonName: 'web.example', cert, key }] as const;
      const view = viewOf({ rootCaCert: root, serverCerts });
      const both = [
        installation({ files: { cert: path('web/tls.crt'), key: path('web/tls.key') } }),
        installation({ name: 'install[1]', wanted: null, files: { ca: path('web/ca.pem') } }),
      ];
      const machine = machineOn(path('.'), nodeDisk, () => null);
      const at = async (now: string, record: InstallRecord) =>
        await install(both, delivered(view), { ...circumstances(record), now: now as Timestamp }, machine)();
      const { installed, record } = await at(NOW, emptyRecord);
      assert.deepEqual(installed.map(({ state }) => state), ['changed', 'changed']);
      const soon = (await at('2026-12-10T00:00:00Z', record)).installed;
      assert.deepEqual(soon.map(({ state, findings }) => [state, findings.map(({ code }) => code)]), [
        ['unchanged', ['ends-soon']],
        ['unchanged', ['ends-soon']],
      ]);
      const ended = (await at('2027-01-01T00:00:01Z', record)).installed;
      const when = 'ended at 2027-01-01T00:00:00Z; the provider has not renewed it';
      assert.deepEqual(ended.map(({ state, message }) => [state, message]), [
        ['refused', `install[0]: the CA "CN=Our root", which is above the installed certificate, ${when}`],
        ['refused', `install[1]: the CA "CN=Our root", which is installed, ${when}`],
      ]);
    }));

  it('goes on where something is not judged, or is a warning', async () => {
    const authority = await testAuthority();
    const client = await authority.answer('client', 'web.example', []);
    const sources = { certificate: client, ca: authority.root, chain: authority.intermediate };
    const wanted = { certType: 'client', commonName: 'web.example', sans: ['web.example', '10.0.0.7'] } as const;
    const { contents, findings } = await checkPair(wanted, client, sources, new Date(NOW));
    assert.ok(contents !== null);
    assert.deepEqual([...new Set(findings.map(({ code }) => code))], ['client-name-missing']);
    assert.deepEqual(checkCa(`${authority.root}${authority.root}`, new Date(NOW)).pems, [authority.root]);
  });
});
