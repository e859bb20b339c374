/**
 * Replicas of what real CAs issue: extension by extension as their sources and their certificates have them, written here anew. Every
 * one of them has to be found good, with nothing worse than a warning, and only where there is a reason for it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CertType, judge, judgeCa, severityOf } from '../../../core/x509/mod.ts';
import { writePem } from '../../../core/x509/pem.ts';
import * as f from './forge.ts';

const NOW = new Date('2027-01-01T00:00:00Z');

const extension = (id: string, ...content: ReadonlyArray<f.Der>): f.Der => f.extension(id, f.der(0x30, ...content));
const lax = (critical: f.Der): f.Der => {
  // The same extension, not marked critical: the boolean behind the identifier is left out.
  const text = Array.from(critical, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const [, id = '', value = ''] = /^30..(0603[0-9a-f]{6})0101ff(04.*)$/.exec(text) ?? [];
  return f.der(0x30, f.bytes(id), f.bytes(value));
};
const policy = (id: string, ...qualifiers: ReadonlyArray<f.Der>): f.Der =>
  f.der(0x30, f.oid(id), ...(qualifiers.length === 0 ? [] : [f.der(0x30, ...qualifiers)]));
const text = (tag: number, content: string): f.Der => f.der(tag, new TextEncoder().encode(content));
const access = (method: string, url: string): f.Der => f.der(0x30, f.oid(method), f.general(`uri:${url}`));
const issuerAccess = (...methods: ReadonlyArray<f.Der>): f.Der => extension('1.3.6.1.5.5.7.1.1', ...methods);
const lists = (url: string): f.Der =>
  extension('2.5.29.31', f.der(0x30, f.der(0xa0, f.der(0xa0, f.general(`uri:${url}`)))));
const organisation = f.organisation('Example');
const attribute = (type: string, value: f.Der): f.Der => f.der(0x31, f.der(0x30, f.oid(type), value));

/** What a CA makes of a root, of CAs below it, and of a certificate. */
interface Replica {
  readonly name: string;
  readonly certType: CertType;
  readonly root: Partial<f.Make>;
  readonly middles?: ReadonlyArray<Partial<f.Make>>;
  readonly leaf: Partial<f.Make>;
  readonly sans?: ReadonlyArray<string>;
  readonly warnings?: ReadonlyArray<string>;
}

const id = '5a'.repeat(20);
const idOf = (n: number): string => `${n}${n}`.repeat(20);
/** EasyRSA and OpenSSL name the root's whole certificate: key, name and serial number. */
const fullKeyId = (keyId: string, issuer: f.Der, serial: string): f.Der =>
  extension('2.5.29.35', f.der(0x80, f.bytes(keyId)), f.der(0xa1, f.der(0xa4, issuer)), f.der(0x82, f.bytes(serial)));

const EASYRSA_ROOT = f.name(f.printable('10.5.0.21'));
const SERIAL = f.der(2, f.bytes('3fa1b2c3d4e5f6071829304152637485960718ab'));
const EASYRSA: Partial<f.Make> = {
  subject: EASYRSA_ROOT,
  serial: SERIAL,
  extensions: [
    f.keyId(idOf(1)),
    fullKeyId(idOf(1), EASYRSA_ROOT, '3fa1b2c3d4e5f6071829304152637485960718ab'),
    lax(f.basic(true)),
    lax(f.usage(0x06)),
  ],
};
const easyrsaLeaf = (purpose: string, ...more: ReadonlyArray<f.Der>): Partial<f.Make> => ({
  extensions: [
    extension('2.5.29.19'),
    f.keyId(idOf(2)),
    fullKeyId(idOf(1), EASYRSA_ROOT, '3fa1b2c3d4e5f6071829304152637485960718ab'),
    f.extended(purpose),
    lax(f.usage(purpose === f.SERVER ? 0xa0 : 0x80)),
    ...more,
  ],
});

const CORPORATE_POLICY = '1.3.6.1.4.1.99999.1.1';
const cps = f.der(0x30, f.oid('1.3.6.1.5.5.7.2.1'), text(0x16, 'https://pki.example.com/cps'));
const notice = f.der(0x30, f.oid('1.3.6.1.5.5.7.2.2'), f.der(0x30, text(0x0c, 'For internal use only')));

const REPLICAS: ReadonlyArray<Replica> = [
  {
    name: 'EasyRSA, a server',
    certType: 'server',
    root: EASYRSA,
    leaf: easyrsaLeaf(f.SERVER, f.sans('dns:web.example', 'ip:0a000007')),
    sans: ['web.example', '10.0.0.7'],
  },
  {
    name: 'EasyRSA, a client without names',
    certType: 'client',
    root: EASYRSA,
    leaf: easyrsaLeaf(f.CLIENT),
    sans: ['web.example'],
    warnings: ['client-name-missing'],
  },
  {
    name: 'Vault, below its intermediate CA',
    certType: 'server',
    root: {
      subject: f.name('Vault Root Certificate Authority'),
      extensions: [f.usage(0x06), f.basic(true), f.keyId(idOf(1)), f.issuerKeyId(idOf(1))],
    },
    middles: [{
      subject: f.name('Vault Intermediate Certificate Authority (charm-pki-local)'),
      extensions: [
        f.usage(0x06),
        f.basic(true),
        f.keyId(idOf(2)),
        f.issuerKeyId(idOf(1)),
        issuerAccess(access('1.3.6.1.5.5.7.48.2', 'http://127.0.0.1:8220/v1/charm-pki-root/ca')),
        lists('http://127.0.0.1:8220/v1/charm-pki-root/crl'),
      ],
    }],
    leaf: {
      extensions: [
        f.usage(0xa8),
        f.extended(f.SERVER, f.CLIENT),
        f.keyId(idOf(3)),
        f.issuerKeyId(idOf(2)),
        f.sans('dns:web.example', 'ip:0a000007'),
        lists('http://127.0.0.1:8220/v1/charm-pki-local/crl'),
      ],
    },
    sans: ['web.example', '10.0.0.7'],
  },
  {
    name: 'cert-manager, with an empty subject and critical names',
    certType: 'server',
    root: {
      subject: f.name(organisation, 'my-selfsigned-ca'),
      extensions: [f.usage(0xa4), f.basic(true), f.keyId(idOf(1))],
    },
    leaf: {
      subject: f.name(),
      extensions: [
        f.usage(0xa0),
        f.basic(false),
        f.issuerKeyId(idOf(1)),
        f.extension(
          '2.5.29.17',
          f.der(0x30, f.general('dns:web.example'), f.general('uri:spiffe://cluster.local/ns/web/sa/web')),
          true,
        ),
      ],
    },
    sans: ['web.example', 'spiffe://cluster.local/ns/web/sa/web'],
  },
  {
    name: 'kubeadm, an API server',
    certType: 'server',
    root: {
      subject: f.name('kubernetes'),
      extensions: [f.usage(0xa4), f.basic(true), f.keyId(idOf(1)), f.sans('dns:kubernetes')],
    },
    leaf: {
      subject: f.name('kube-apiserver'),
      extensions: [
        f.usage(0xa0),
        f.extended(f.SERVER),
        f.basic(false),
        f.issuerKeyId(idOf(1)),
        f.sans('dns:web.example', 'dns:kubernetes.default.svc', 'ip:0a600001'),
      ],
    },
    sans: ['web.example', 'kubernetes.default.svc', '10.96.0.1'],
  },
  {
    name: 'kubeadm, a client of the API server',
    certType: 'client',
    root: {
      subject: f.name('kubernetes'),
      extensions: [f.usage(0xa4), f.basic(true), f.keyId(idOf(1)), f.sans('dns:kubernetes')],
    },
    leaf: {
      subject: f.name(f.organisation('system:masters'), 'web.example'),
      extensions: [f.usage(0xa0), f.extended(f.CLIENT), f.basic(false), f.issuerKeyId(idOf(1))],
    },
  },
  {
    name: 'step-ca, for a day, with its provisioner',
    certType: 'server',
    root: {
      subject: f.name(organisation, 'Smallstep Root CA'),
      extensions: [f.usage(0x06), f.basic(true, 1), f.keyId(idOf(1))],
    },
    middles: [{
      subject: f.name(organisation, 'Smallstep Intermediate CA'),
      extensions: [f.usage(0x06), f.basic(true, 0), f.keyId(idOf(2)), f.issuerKeyId(idOf(1))],
    }],
    leaf: {
      from: '2026-12-31T23:59:00',
      to: '2027-01-01T23:59:59',
      extensions: [
        f.usage(0x80),
        f.extended(f.SERVER, f.CLIENT),
        f.keyId(idOf(3)),
        f.issuerKeyId(idOf(2)),
        f.sans('dns:web.example'),
        extension('1.3.6.1.4.1.37476.9000.64.1', f.der(2, 1), f.der(4, 0x61), f.der(4, 0x62)),
      ],
    },
  },
  {
    name: 'a corporate root with two CAs below it, critical policies and constraints',
    certType: 'server',
    root: {
      subject: f.name(
        attribute('0.9.2342.19200300.100.1.25', text(0x16, 'example')),
        f.organisation('Example & Co.'),
        'Example Root CA G2',
      ),
      extensions: [f.basic(true), f.usage(0x86), f.keyId(id)],
    },
    middles: [
      {
        subject: f.name(f.organisation('Example & Co.'), 'Example Policy CA'),
        extensions: [
          f.basic(true),
          f.usage(0x06),
          f.keyId(idOf(2)),
          f.issuerKeyId(id),
          f.extension('2.5.29.32', f.der(0x30, policy(CORPORATE_POLICY, cps, notice)), true),
          f.extension('2.5.29.36', f.der(0x30, f.der(0x80, 0), f.der(0x81, 0)), true),
          f.extension('2.5.29.54', f.der(2, 0), true),
          lists('http://pki.example.com/root.crl'),
        ],
      },
      {
        subject: f.name(f.organisation('Example & Co.'), 'Example Issuing CA 7'),
        extensions: [
          f.basic(true, 0),
          f.usage(0x06),
          f.keyId(idOf(3)),
          f.issuerKeyId(idOf(2)),
          f.extended(f.SERVER, f.CLIENT),
          f.extension('2.5.29.32', f.der(0x30, policy(CORPORATE_POLICY)), true),
          f.constraints(['dns:web.example', 'dns:example.com', 'ip:0a000000ff000000'], [
            'ip:00000000000000000000000000000000' + '00'.repeat(16),
          ]),
          // What Active Directory adds: the version of the CA and its template.
          f.extension('1.3.6.1.4.1.311.21.1', f.der(2, 0)),
          f.extension('1.3.6.1.4.1.311.20.2', f.der(0x1e, 0, 0x53)),
        ],
      },
    ],
    leaf: {
      subject: f.name(attribute('2.5.4.6', text(0x13, 'DE')), f.organisation('Example & Co.'), 'web.example'),
      extensions: [
        f.usage(0xa0),
        f.extended(f.SERVER),
        f.issuerKeyId(idOf(3)),
        f.extension('2.5.29.32', f.der(0x30, policy(CORPORATE_POLICY, cps)), true),
        f.sans('dns:web.example', 'dns:*.example.com', 'ip:0a000007'),
        issuerAccess(
          access('1.3.6.1.5.5.7.48.1', 'http://ocsp.example.com/'),
          access('1.3.6.1.5.5.7.48.2', 'http://pki.example.com/ca.crt'),
        ),
      ],
    },
    sans: ['web.example', 'a.example.com', '10.0.0.7'],
  },
];

/** The certificates of a replica, from the root down, and the last one's key. */
const made = async ({ root, middles = [], leaf }: Replica) => {
  const keys = await f.newKeys();
  const self = { subject: root.subject ?? f.name('Root'), keys };
  const rootDer = await f.make({ ...self, issuer: self, ...root });
  let issuer: f.Signer = self;
  const chain: Array<f.Der> = [];
  for (const middle of middles) {
    const next = { subject: middle.subject ?? f.name('Intermediate'), keys: await f.newKeys() };
    chain.push(await f.make({ ...next, issuer, ...middle }));
    issuer = next;
  }
  const own = await f.newKeys();
  const certificate = await f.make({ subject: f.name('web.example'), keys: own, issuer, ...leaf });
  const key = writePem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', own.privateKey)));
  return {
    ca: f.pem(rootDer),
    chain: chain.length === 0 ? null : f.pem(...chain),
    certificate: f.pem(certificate),
    key,
  };
};

describe('replicas of what real CAs issue', () => {
  for (const replica of REPLICAS) {
    const { name, certType, sans = ['web.example'], warnings = [] } = replica;
    it(`${name}: good${warnings.length === 0 ? '' : `, with ${warnings.join(', ')}`}`, async () => {
      const published = await made(replica);
      const names = { commonName: 'web.example', sans: certType === 'client' && warnings.length === 0 ? [] : sans };
      const judgement = await judge({ ...published, certType, names, now: NOW })();
      assert.deepEqual(
        judgement.faults.map((fault) => `${severityOf(fault)} ${fault.code}`),
        warnings.map((code) => `warning ${code}`),
      );
      assert.deepEqual([judgement.verdict, judgement.isVerified], ['good', true]);
      assert.equal(judgement.path.length, 2 + (replica.middles ?? []).length);
      assert.deepEqual(judgeCa(published.ca, NOW).faults, []);
    });
  }

  it('a corporate certificate without the policy that its CAs demand is refused', async () => {
    const corporate = REPLICAS.at(-1);
    assert.ok(corporate);
    const leaf = { ...corporate.leaf, extensions: [f.usage(0xa0), f.extended(f.SERVER), f.sans('dns:web.example')] };
    const published = await made({ ...corporate, leaf });
    const { faults } = await judge({ ...published, certType: 'server', names: null, now: NOW })();
    assert.deepEqual(faults, [{ code: 'no-valid-policy', at: 0 }]);
  });
});
