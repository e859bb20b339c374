/**
 * The published schemas: the files are what the decoders say, and the two never differ on a document.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'yaml';
import { httpHandler } from '../../../adapters/http/mod.ts';
import { Configuration } from '../../../adapters/charm/config/configuration.ts';
import { publishedSchema, SCHEMA_HOME, SCHEMA_NAMES, type SchemaName } from '../../../adapters/schema/published.ts';
import { decide, decodeInput } from '../../../mod.ts';
import { Input } from '../../../core/any/decide.ts';
import { decodeWith, type InputError } from '../../../core/model/input-error.ts';
import { documentFor } from './documents.ts';

const ROOT = new URL('../../../', import.meta.url);

const readText = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** Whether a published schema takes a document. Strict: a word of the schema that means nothing is an error. */
const checkerOf = (name: SchemaName): (document: unknown) => boolean => {
  const ajv = new Ajv2020({
    allowUnionTypes: true,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    ownProperties: true,
  });
  return ajv.compile(JSON.parse(JSON.stringify(publishedSchema(name))));
};

/** What no schema can say: the decoder is stricter, and the schema tells so in a comment. */
const BEYOND: ReadonlyMap<string, RegExp> = new Map([
  ['also: expected a certificate in PEM', /^expected a certificate in PEM/],
  ['also: expected a certificate request in PEM', /^expected a certificate request in PEM/],
  ['also: a CSR is either answered or refused', /answer/],
  [
    'also: every application that is named is deployed, and relations have two ends',
    /^there is no application of this name|^expected two endpoints|^expected an application whose charm/,
  ],
  ['also: each relation has an id of its own', /^expected an id of its own, got the one of snapshot\.relations/],
  [
    'also: each endpoint and each path stands once',
    /^is the path of another file too|^is another endpoint's name too/,
  ],
  [
    'also: each path stands once, and trustStore is set once',
    /^is the path of another file too|^is set in install\[\d+\] already/,
  ],
  [
    'also: expected a name, a domain such as ".example.com", an address, a network or "*"',
    /^expected a name, a domain such as "\.example\.com", an address, a network or "\*"/,
  ],
]);

const isBeyond = ({ issues }: InputError): boolean =>
  issues.every(({ message }) => [...BEYOND.values()].some((known) => known.test(message)));

const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [] };
const asking = (request: unknown) => ({ side: 'reactive/requires', snapshot, intent: { requests: [request] } });
const installing = (entry: unknown) => ({ endpoint: 'certificates', install: [entry] });

describe('the published schemas', () => {
  for (const name of SCHEMA_NAMES) {
    it(`${name} in the folder is the one that the decoders make: npm run schema writes it`, () => {
      assert.equal(readText(`schema/${name}`), `${JSON.stringify(publishedSchema(name), null, 2)}\n`);
    });

    it(`${name} is served, with the same id`, async () => {
      const response = await httpHandler({ token: 'SECRET' }).fetch(new Request(`http://localhost/schema/${name}`));
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'application/schema+json');
      const { $id, $schema } = await response.json();
      assert.deepEqual([$id, $schema], [`${SCHEMA_HOME}${name}`, 'https://json-schema.org/draft/2020-12/schema']);
    });
  }

  it('are all that is in the folder, and the package has the folder', () => {
    assert.deepEqual(readdirSync(new URL('schema/', ROOT)).sort(), [...SCHEMA_NAMES].sort());
    assert.ok(JSON.parse(readText('package.json')).files.includes('schema'));
  });

  it('say in a comment where a decoder is stricter, and nowhere else', () => {
    const comments = SCHEMA_NAMES.flatMap((name) =>
      [...JSON.stringify(publishedSchema(name)).matchAll(/"\$comment":("(?:[^"\\]|\\.)*")/g)].map(([, text = '']) =>
        JSON.parse(text)
      )
    );
    assert.deepEqual([...new Set(comments)].sort(), [...BEYOND.keys()].sort());
  });

  it('input.json takes what is recorded, and its outcome fits outcome.json', () => {
    const [takes, tells] = [checkerOf('input.json'), checkerOf('outcome.json')];
    const names = readdirSync(new URL('test/real/', ROOT)).filter((name) => name.endsWith('.json'));
    assert.ok(names.length >= 6);
    for (const name of names) {
      const document = JSON.parse(readText(`test/real/${name}`));
      assert.ok(takes(document), name);
      const outcome = decide(document);
      assert.ok(outcome._tag === 'Right' && tells(JSON.parse(JSON.stringify(outcome.right))), name);
    }
  });

  it('input.json refuses what a person gets wrong', () => {
    const takes = checkerOf('input.json');
    assert.ok(takes(asking({ certType: 'server', commonName: 'web.example', sans: null })));
    const wrong = [
      asking({ certTyp: 'server', commonName: 'web.example' }),
      asking({ certType: 'server' }),
      asking({ certType: 'client', commonName: 'web', certificateName: 'web' }),
      asking({ certType: 'server', commonName: 'web', sans: 'web' }),
      { side: 'reactive/requires' },
      { side: 'reactive/provide', snapshot },
      { side: 'reactive/provides', snapshot, intent: { requests: [] } },
      { side: 'reactive/requires', snapshot: { ...snapshot, now: '2026-02-30T00:00:00Z' } },
      { side: 'reactive/requires', snapshot: { ...snapshot, now: 'soon' } },
      [],
      null,
    ];
    for (const document of wrong) {
      assert.equal(takes(document), false, JSON.stringify(document));
      assert.equal(decodeInput(document)._tag, 'Left', JSON.stringify(document));
    }
  });

  it('hook-configuration.json takes the examples', () => {
    const takes = checkerOf('hook-configuration.json');
    const examples = readdirSync(new URL('examples/', ROOT)).filter((name) => name.startsWith('charm-'));
    assert.ok(examples.length >= 2);
    for (const name of examples) {
      const text = readText(`examples/${name}/tls-certificates.yaml`);
      assert.ok(takes(parse(text)), name);
      assert.match(text, /^# yaml-language-server: \$schema=\S+schema\/hook-configuration\.json$/m);
    }
  });

  it('hook-configuration.json refuses what a person gets wrong', () => {
    const takes = checkerOf('hook-configuration.json');
    assert.ok(takes(installing({ ca: '/etc/ca.pem', group: 1000 })));
    const wrong = [
      {},
      { endpoint: 'certificates', request: [] },
      { endpoint: 'certificates', requests: [{ certType: 'server', commonName: '{hostnam}' }] },
      { endpoint: 'certificates', side: 'reactive/provides' },
      installing({}),
      installing({ trustStore: false }),
      installing({ cert: '/etc/cert.pem', certType: 'server' }),
      installing({ cert: '/etc/cert.pem', certType: null, commonName: 'web' }),
      installing({ ca: '/etc/../ca.pem' }),
      installing({ ca: '/etc/ca.pem', mode: '0600' }),
      installing({ key: '/etc/key.pem', certType: 'server', commonName: 'web', mode: '0644' }),
      installing({ key: '/etc/key.pem', certType: 'server', commonName: 'web', mode: 600 }),
      installing({ ca: '/etc/ca.pem', run: [] }),
      installing({ ca: '/etc/ca.pem', run: [''] }),
      installing({ ca: '/etc/ca.pem', timeout: 0.5 }),
      installing({ ca: '/etc/ca.pem', owner: '-x' }),
    ];
    for (const document of wrong) {
      assert.equal(takes(document), false, JSON.stringify(document));
      assert.equal(decodeWith(Configuration)(document)._tag, 'Left', JSON.stringify(document));
    }
  });

  for (const [name, decoder] of [['input.json', Input], ['hook-configuration.json', Configuration]] as const) {
    it(`${name} and its decoder say the same of every document`, () => {
      const [takes, decode] = [checkerOf(name), decodeWith<unknown>(decoder)];
      const seen = { taken: 0, refused: 0 };
      fc.assert(
        fc.property(documentFor(decoder.schema), (document) => {
          const [taken, decoded] = [takes(document), decode(document)];
          if (taken) seen.taken += 1;
          else seen.refused += 1;
          if (decoded._tag === 'Right') assert.ok(taken, 'the schema refuses what is decoded');
          else assert.ok(!taken || isBeyond(decoded.left), `the schema takes it: ${decoded.left.message}`);
        }),
        // One in twelve configurations is whole, of which there are several sorts.
        { numRuns: 1_500 },
      );
      assert.ok(seen.taken > 50 && seen.refused > 50, JSON.stringify(seen));
    });
  }
});
