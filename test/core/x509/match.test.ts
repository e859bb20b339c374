/**
 * Matching: the documents of test/real, purposes, and keys in all their forms as OpenSSL writes them.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { type CertType, type Encoded, match, mismatches, type NamesAsked } from '../../../core/x509/mod.ts';
import { readPem } from '../../../core/x509/pem.ts';
import { describe as read } from '../../../core/x509/mod.ts';
import { assertLinear } from '../../growth.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { issueAll } from './cases.ts';
import * as f from './forge.ts';
import { inFolder, without } from './openssl.ts';

interface Answer {
  readonly certificate: string;
  readonly key: string;
  readonly asked: NamesAsked;
}

/** What was asked for and answered in a document, request by request. */
const answersIn = (file: string): ReadonlyArray<Answer> => {
  const { snapshot } = JSON.parse(readFileSync(new URL(`../../real/${file}.json`, import.meta.url), 'utf8'));
  const { localUnitData: own, remoteUnits } = snapshot.relations[0];
  const data = Object.values<Record<string, string>>(remoteUnits)[0] ?? {};
  const munged = own.unit_name;
  const top = data[`${munged}.server.cert`];
  const answers: Array<Answer> = top === undefined ? [] : [{
    certificate: top,
    key: data[`${munged}.server.key`] ?? '',
    asked: { certType: 'server', commonName: own.common_name, sans: JSON.parse(own.sans) },
  }];
  for (
    const [certType, requests, answered] of [['server', 'cert_requests', 'processed_requests'], [
      'client',
      'client_cert_requests',
      'processed_client_requests',
    ]] as const
  ) {
    const wanted: Record<string, { sans: Array<string> }> = JSON.parse(own[requests] ?? '{}');
    const given: Record<string, { cert: string; key: string }> = JSON.parse(data[`${munged}.${answered}`] ?? '{}');
    for (const [commonName, { sans }] of Object.entries(wanted)) {
      answers.push({
        certificate: given[commonName]?.cert ?? '',
        key: given[commonName]?.key ?? '',
        asked: { certType, commonName, sans },
      });
    }
  }
  return answers;
};

/** What does not fit, in a few words. */
const faultsOf = async (input: { certificate: Encoded; key: Encoded; asked: NamesAsked }): Promise<string> => {
  const result = await match(input)();
  if (result._tag === 'Right') return '';
  return result.left.map((fault) => 'name' in fault ? `${fault.code}:${fault.name}` : fault.code).join(' ');
};

const faultsIn = (file: string): Promise<ReadonlyArray<string>> => Promise.all(answersIn(file).map(faultsOf));

/** Extensions, the kind asked for, and what does not fit. */
const PURPOSES: ReadonlyArray<readonly [extensions: ReadonlyArray<f.Der>, certType: CertType, codes: string]> = [
  [[], 'server', ''],
  [[], 'client', ''],
  [[], 'intermediate', 'not-a-ca'],
  [[f.extended(f.SERVER)], 'application', ''],
  [[f.extended(f.CLIENT)], 'application', 'not-for-servers'],
  [[f.extended(f.CLIENT)], 'server', 'not-for-servers'],
  [[f.extended(f.SERVER)], 'client', 'not-for-clients'],
  [[f.extended(f.SERVER, f.CLIENT)], 'client', ''],
  [[f.extended(f.ANY)], 'server', 'not-for-servers'],
  [[f.usage(0x20)], 'server', 'key-usage'],
  [[f.usage(0x08)], 'server', 'key-usage'],
  [[f.usage(0xa0)], 'server', ''],
  [[f.usage(0x08)], 'client', 'key-usage'],
  [[f.usage(0x20)], 'client', 'key-usage'],
  [[f.usage(0x06)], 'server', 'key-usage'],
  [[f.basic(true)], 'intermediate', ''],
  [[f.basic(true), f.usage(0x06)], 'intermediate', ''],
  [[f.basic(true), f.usage(0x02)], 'intermediate', 'may-not-sign'],
  [[f.basic(false), f.usage(0x06)], 'intermediate', 'not-a-ca'],
];

/** A key of each kind, as OpenSSL makes it. */
const KEYS: Readonly<Record<string, ReadonlyArray<string>>> = {
  RSA: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
  'P-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'P-384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  'P-521': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  Ed25519: ['-algorithm', 'Ed25519'],
};

const ASKED: NamesAsked = { certType: 'server', commonName: 'x.example', sans: ['x.example'] };

/** A key in all its forms, with a certificate of its own and another of the same kind. */
const formsOf = (kind: string) =>
  inFolder({}, (run, file) => {
    const make = (name: string): void => {
      assert.ok(run('genpkey', ...(KEYS[kind] ?? []), '-out', `${name}.key`).ok);
      const { ok, output } = run(
        'req',
        '-x509',
        '-key',
        `${name}.key`,
        '-out',
        `${name}.pem`,
        '-subj',
        '/CN=x.example',
        '-addext',
        'subjectAltName=DNS:x.example',
      );
      assert.ok(ok, output);
    };
    make('own');
    make('other');
    const pkcs8 = file('own.key');
    const forms: Record<string, string> = {
      'PKCS#8': pkcs8,
      'PKCS#8 with text around it and CRLF': `Bag Attributes\n${pkcs8}bye`.replaceAll('\n', '\r\n'),
      'PKCS#8 after its certificate': file('own.pem') + pkcs8,
    };
    if (kind !== 'Ed25519') {
      assert.ok(run('pkey', '-in', 'own.key', '-traditional', '-out', 'old.key').ok);
      forms[kind === 'RSA' ? 'PKCS#1' : 'SEC1'] = file('old.key');
      assert.ok(
        run('pkey', '-in', 'own.key', '-traditional', '-aes128', '-passout', 'pass:x', '-out', 'oldlock.key').ok,
      );
    }
    if (kind.startsWith('P-')) {
      forms['SEC1 after its parameters'] =
        `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${forms['SEC1']}`;
      assert.ok(run('ec', '-in', 'own.key', '-no_public', '-out', 'nopub.key').ok);
      forms['SEC1 without its public part'] = file('nopub.key');
    }
    assert.ok(run('pkcs8', '-topk8', '-in', 'own.key', '-passout', 'pass:x', '-out', 'locked.key').ok);
    const locked = [file('locked.key'), ...(kind === 'Ed25519' ? [] : [file('oldlock.key')])];
    return { forms, locked, certificate: file('own.pem'), other: file('other.key') };
  });

describe('matching', () => {
  let good: Awaited<ReturnType<typeof issueAll>>;
  before(async () => {
    good = await issueAll('P-256', 'server');
  });

  it('match() finds no fault in what EasyRSA and Vault answered', async () => {
    assert.deepEqual(await faultsIn('easyrsa-answered'), ['', '', '']);
    assert.deepEqual(await faultsIn('vault-intermediate'), ['', '']);
  });

  it('match() finds exactly the fault of each trouble that is its business', async () => {
    assert.deepEqual(await faultsIn('trouble-missing-sans'), ['name-missing:10.5.0.11 name-missing:keystone-0']);
    assert.deepEqual(await faultsIn('trouble-wrong-ca'), ['']);
    // This certificate is expired, and does lack the address as well.
    assert.deepEqual(await faultsIn('trouble-expired'), ['name-missing:10.5.0.11']);
  });

  for (const [extensions, certType, codes] of PURPOSES) {
    it(`mismatches() finds ${codes === '' ? 'nothing' : codes} wrong with purpose ${PURPOSES.findIndex((row) => row[0] === extensions)} as ${certType}`, async () => {
      const self = { subject: f.name('x'), keys: await f.newKeys() };
      const [description] = read(await f.make({ ...self, issuer: self, extensions })).certificates;
      assert.ok(description);
      assert.equal(
        mismatches(description, { certType, commonName: 'x', sans: [] }).map(({ code }) => code).filter((code) =>
          code !== 'common-name-only'
        ).join(),
        codes,
      );
    });
  }

  it('mismatches() looks for common names in alternative names, and for what is no host in the subject too', async () => {
    const self = { subject: f.name('web.example'), keys: await f.newKeys() };
    const [description] =
      read(await f.make({ ...self, issuer: self, extensions: [f.sans('dns:b.example')] })).certificates;
    assert.ok(description);
    const codes = (certType: CertType, commonName: string, sans: ReadonlyArray<string>): string =>
      mismatches(description, { certType, commonName, sans }).map((fault) =>
        'name' in fault ? `${fault.code}:${fault.name}` : fault.code
      ).join(' ');
    assert.equal(codes('server', 'b.example', []), '');
    assert.equal(codes('server', 'web.example', []), 'common-name-only:web.example');
    assert.equal(codes('client', 'Web.Example', []), '');
    assert.equal(codes('server', 'web.example', ['web.example']), 'name-missing:web.example');
    assert.equal(
      codes('server', 'c.example', ['c.example', 'd.example']),
      'common-name-missing:c.example name-missing:d.example',
    );
  });

  it('mismatches() is linear in names', { timeout: 300_000 }, async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => `a${i}.example.com`);
    const self = { subject: f.name('x'), keys: await f.newKeys() };
    const [description] = read(
      await f.make({
        ...self,
        issuer: self,
        extensions: [f.sans(...many.map((name) => `dns:${name}`))],
      }),
    ).certificates;
    assert.ok(description);
    const asked = { certType: 'server', commonName: 'a1.example.com', sans: [...many, ...HOSTILE] } as const;
    assert.equal(mismatches(description, asked).length, HOSTILE.length);
    await assertLinear('as many names as are asked for', {
      make: (size) => {
        const names = Array.from({ length: size / 16 }, (_, i) => `b${i}.example.com`);
        const sans = names.map((value) => ({ type: 'dns', value }) as const);
        return [{ ...description, sans }, { ...asked, sans: names.map((name) => `c${name}`) }] as const;
      },
      work: ([offered, wanted]) => mismatches(offered, wanted),
    });
  });

  for (const kind of Object.keys(KEYS)) {
    it(`match() knows ${kind} keys in each form, and another's`, { skip: without, timeout: 300_000 }, async () => {
      const { forms, locked, certificate, other } = formsOf(kind);
      for (const [form, key] of Object.entries(forms)) {
        assert.equal(await faultsOf({ certificate, key, asked: ASKED }), '', form);
      }
      for (const key of locked) assert.equal(await faultsOf({ certificate, key, asked: ASKED }), 'key-encrypted');
      assert.equal(await faultsOf({ certificate, key: other, asked: ASKED }), 'key-mismatch');
      assert.equal(await faultsOf({ certificate, key: good.key, asked: ASKED }), 'key-mismatch');
      assert.equal(await faultsOf({ certificate, key: certificate, asked: ASKED }), 'key-missing');
    });
  }

  it('match() takes keys in DER', async () => {
    for (const algorithm of ['P-256', 'Ed25519'] as const) {
      const { certificate, key, asked } = await issueAll(algorithm, 'client');
      assert.equal(await faultsOf({ certificate, key: readPem(key).blocks[0]?.bytes ?? '', asked }), '');
    }
  });

  it('match() refuses a key whose public part is another’s', async () => {
    const [own, other] = [await f.newKeys(), await f.newKeys()];
    const point = async (keys: CryptoKeyPair) => new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
    const scalar = Uint8Array.from(
      atob(((await crypto.subtle.exportKey('jwk', own.privateKey)).d ?? '').replaceAll('-', '+').replaceAll('_', '/')),
      (c) => c.charCodeAt(0),
    );
    const sec1 = f.der(0x30, f.der(2, 1), f.der(4, scalar), f.der(0xa1, f.der(3, 0, await point(other))));
    const key = f.der(
      0x30,
      f.der(2, 0),
      f.der(0x30, f.oid('1.2.840.10045.2.1'), f.oid('1.2.840.10045.3.1.7')),
      f.der(4, sec1),
    );
    const self = { subject: f.name('x.example'), keys: other };
    const certificate = f.pem(await f.make({ ...self, issuer: self, extensions: [f.sans('dns:x.example')] }));
    assert.match(await faultsOf({ certificate, key, asked: ASKED }), /^key-(mismatch|unreadable)$/);
  });

  it('match() never throws on mutated keys, and takes none of another value', { timeout: 300_000 }, async () => {
    const { certificate, key, asked } = good;
    const [, base64 = ''] = /-\n([^-]*)\n-/.exec(key) ?? [];
    const der = Uint8Array.from(atob(base64.replaceAll('\n', '')), (c) => c.charCodeAt(0));
    // What is behind the algorithm: the private number, then the public point.
    const scalar = der.indexOf(4, 30) + 2;
    await fc.assert(
      fc.asyncProperty(fc.nat(der.length - 1), fc.nat(254), async (at, change) => {
        const faults = await faultsOf({ certificate, key: der.with(at, ((der[at] ?? 0) + 1 + change) & 0xff), asked });
        if (at >= scalar + 7 && at < scalar + 32) assert.match(faults, /^key-/);
      }),
      runs(300),
    );
    for (const text of HOSTILE) assert.match(await faultsOf({ certificate, key: text, asked }), /^key-/);
  });

  it('match() never tells anything of a key', async () => {
    const { certificate, asked } = good;
    const key = '-----BEGIN PRIVATE KEY-----\nU0VDUkVUU0VDUkVU\n-----END PRIVATE KEY-----\n';
    const result = await match({ certificate, key, asked })();
    assert.deepEqual(result, { _tag: 'Left', left: [{ code: 'key-unreadable' }] });
    assert.doesNotMatch(JSON.stringify(await match({ certificate, key: good.key, asked })()), /PRIVATE|"d"/);
  });
});
