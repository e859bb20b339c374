/**
 * The configuration of `tls-certificates hook`: what it can say, and the words about what it cannot.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type ConfigurationOfRequirer,
  type Configured,
  factsNeeded,
  isRequirer,
  readConfiguration,
} from '../../../adapters/charm/config/configuration.ts';
import type { Facts } from '../../../adapters/charm/config/placeholder.ts';
import { resolve } from '../../../adapters/charm/config/resolve.ts';
import { openPolicy } from '../../../core/authority/policy.ts';
import type { UnitName } from '../../../core/model/names.ts';
import { HOSTILE } from '../../hostile.ts';
import { PATIENCE } from '../../patience.ts';
import { anyText } from '../../text.ts';

const read = (text: string, name = 'tls-certificates.yaml') =>
  readConfiguration(name, new TextEncoder().encode(text))();

const accepted = async (text: string): Promise<Configured> => {
  const result = await read(text);
  if (result._tag === 'Left') throw new Error(result.left.message);
  return result.right;
};

const requirer = async (text: string): Promise<Configured<ConfigurationOfRequirer>> => {
  const configured = await accepted(text);
  assert.ok(isRequirer(configured));
  return configured;
};

const refusal = async (text: string): Promise<string> => {
  const result = await read(text);
  assert.ok(result._tag === 'Left', `was accepted: ${text}`);
  return result.left.message;
};

const FACTS: Facts = {
  unit: 'web-app/3' as UnitName,
  hostname: 'juju-4c1a-3',
  ingressAddresses: ['10.0.0.7', 'fd42::7'],
  config: {
    domain: 'web.example',
    'extra-sans': 'www.example, web.local  api.local',
    port: 8443,
    unset: null,
    blank: '',
  },
};

const filled = async (text: string, facts: Facts = FACTS) => {
  const result = resolve(await requirer(text), facts);
  if (result._tag === 'Left') throw new Error(result.left.message);
  return result.right;
};

const unfilled = async (text: string, facts: Facts = FACTS) => {
  const result = resolve(await requirer(text), facts);
  assert.ok(result._tag === 'Left', 'was filled in');
  return result.left;
};

/** The example of the contract. */
const CONTRACT = `side: any/requires                     # optional
endpoint: certificates
requests:                              # as in the contract's intent, with placeholders
  - { certType: server, commonName: "{ingress-address}", sans: ["{ingress-addresses}", "{hostname}"] }
  - { certType: client, commonName: "{unit}" }
install:                               # what goes where; any subset of cert, key, fullChain, ca
  - certType: server
    commonName: "{ingress-address}"
    cert: /etc/web/tls.crt
    key: /etc/web/tls.key
    fullChain: /etc/web/chain.pem      # certificate, then intermediates
    ca: /etc/web/ca.pem
    owner: root                        # optional
    group: ssl-cert                    # optional
    mode: "0600"                       # of the file with the key; the others are 0644
    run: ["systemctl", "reload", "nginx"]   # after a change, optional
`;

const asking = (sans: string, commonName = 'web.example') =>
  `endpoint: certificates\nrequests:\n- certType: server\n  commonName: "${commonName}"\n  sans: ${sans}\n`;

describe('the hook configuration', () => {
  it("readConfiguration() and resolve() understand the contract's example", async () => {
    assert.deepEqual(await filled(CONTRACT), {
      requests: [
        { certType: 'server', commonName: '10.0.0.7', sans: ['10.0.0.7', 'fd42::7', 'juju-4c1a-3'] },
        { certType: 'client', commonName: 'web-app/3', sans: [] },
      ],
      installs: [{
        name: 'install[0]',
        wanted: { certType: 'server', commonName: '10.0.0.7', sans: ['10.0.0.7', 'fd42::7', 'juju-4c1a-3'] },
        files: {
          cert: '/etc/web/tls.crt',
          key: '/etc/web/tls.key',
          fullChain: '/etc/web/chain.pem',
          ca: '/etc/web/ca.pem',
        },
        trustStore: false,
        owner: 'root',
        group: 'ssl-cert',
        keyMode: 0o600,
        makeFolders: false,
        run: ['systemctl', 'reload', 'nginx'],
        timeout: 60,
      }],
    });
  });

  it('readConfiguration() reads JSON as it reads YAML', async () => {
    const { configuration } = await accepted(CONTRACT);
    const json = {
      endpoint: 'certificates',
      requests: [
        { certType: 'server', commonName: '{ingress-address}', sans: ['{ingress-addresses}', '{hostname}'] },
        { certType: 'client', commonName: '{unit}' },
      ],
      install: [{
        certType: 'server',
        commonName: '{ingress-address}',
        cert: '/etc/web/tls.crt',
        key: '/etc/web/tls.key',
        fullChain: '/etc/web/chain.pem',
        ca: '/etc/web/ca.pem',
        owner: 'root',
        group: 'ssl-cert',
        mode: '0600',
        run: ['systemctl', 'reload', 'nginx'],
      }],
    };
    for (const indent of [undefined, 2, '\t']) {
      assert.deepEqual((await accepted(JSON.stringify(json, null, indent))).configuration, configuration);
    }
    const wrong = JSON.stringify({ ...json, requests: [{ certType: 'server', commonName: '{unti}' }] }, null, 2);
    assert.match(await refusal(wrong), /^tls-certificates\.yaml:6: requests\[0\]\.commonName: no such placeholder/);
    assert.match(await refusal('{"endpoint": "a",\n "x\\":": 1}'), /:2: expected the name of a field/);
  });

  it('readConfiguration() takes the least: an endpoint', async () => {
    const { configuration } = await accepted('endpoint: certificates');
    assert.deepEqual(configuration, {
      side: 'any/requires',
      endpoint: 'certificates',
      requests: [],
      install: [],
      keys: 'RSA-2048',
      status: false,
    });
  });

  it("readConfiguration() understands a provider's small CA, with what is left out", async () => {
    const least = 'side: reactive/provides\nendpoint: client\nauthority: { commonName: web CA }\n';
    assert.deepEqual((await accepted(least)).configuration, {
      side: 'reactive/provides',
      endpoint: 'client',
      authority: { commonName: 'web CA' },
      policy: openPolicy,
      status: false,
    });
    const { configuration } = await accepted(
      `${least}status: true\npolicy:\n  kinds: { server: { days: 30, keys: RSA-2048 } }\n  allowedNames: [".internal"]\n`,
    );
    assert.ok(configuration.side === 'reactive/provides');
    assert.deepEqual(configuration.policy, {
      ...openPolicy,
      kinds: { ...openPolicy.kinds, server: { days: 30, keys: 'RSA-2048' } },
      allowedNames: ['.internal'],
    });
  });

  it('readConfiguration() understands endpoints for trust, with what is left out', async () => {
    const { configuration } = await accepted(
      'endpoint: a\ntrust:\n- { endpoint: b, file: /etc/b.pem }\n- { side: provides, endpoint: c }\n',
    );
    assert.deepEqual(configuration.trust, [
      { side: 'requires', endpoint: 'b', file: '/etc/b.pem', trustStore: false, makeFolders: false, timeout: 60 },
      { side: 'provides', endpoint: 'c' },
    ]);
    for (const side of ['csr/requires', 'csr/provides', 'reactive/provides']) {
      const authority = side.endsWith('provides') ? 'authority: { commonName: CA }\n' : '';
      const read = await accepted(
        `side: ${side}\nendpoint: a\n${authority}trust: [{ endpoint: b, trustStore: true }]\n`,
      );
      assert.equal(read.configuration.trust?.length, 1, side);
    }
  });

  it('readConfiguration() tells the line and path of what is wrong with endpoints for trust', async () => {
    const message = await refusal(`endpoint: a
trust:
- { endpoint: b }
- { side: provides, endpoint: c, file: /x }
- { side: both, endpoint: d }
- endpoint: e
  file: etc/x
`);
    assert.deepEqual(message.split('\n'), [
      'tls-certificates.yaml:3: trust[0]: says nowhere for the certificates to go: give at least one of file, trustStore',
      'tls-certificates.yaml:4: trust[1].file: no such field (known here: side, endpoint)',
      'tls-certificates.yaml:5: trust[2].side: expected "requires" or "provides", got a string of 4 characters',
      'tls-certificates.yaml:7: trust[3].file: expected an absolute path of a file, without ., .., // or placeholders, got a string of 5 characters',
    ]);
    const twice = async (trust: string) =>
      await refusal(`endpoint: a\ninstall: [{ ca: /etc/a.pem }]\ntrust:\n${trust}`);
    assert.match(await twice('- { endpoint: a, trustStore: true }\n'), /:4: trust\[0\]\.endpoint: is another endpoint/);
    assert.match(
      await twice('- { endpoint: b, trustStore: true }\n- { side: provides, endpoint: b }\n'),
      /:5: trust\[1\]\.endpoint: is another endpoint/,
    );
    assert.match(await twice('- { endpoint: b, file: /etc/a.pem }\n'), /:4: trust\[0\]\.file: is the path of another/);
  });

  it('readConfiguration() reads a bridge, whose two ends are not the same', async () => {
    const { configuration } = await accepted('side: bridge\nbelow: clients\nabove: certificates\n');
    assert.deepEqual(configuration, {
      side: 'bridge',
      below: 'clients',
      above: 'certificates',
      keys: 'RSA-2048',
      sharedClient: false,
      status: false,
    });
    assert.match(await refusal('side: bridge\nbelow: a\n'), /above: /);
    assert.match(await refusal('side: bridge\nbelow: a\nabove: a\n'), /:3: above: is the same endpoint as below/);
    assert.match(
      await refusal('side: bridge\nbelow: a\nabove: b\ntrust:\n- { side: provides, endpoint: b }\n'),
      /:5: trust\[0\]\.endpoint: is another endpoint/,
    );
    assert.match(await refusal('side: bridge\nendpoint: a\nbelow: b\nabove: c\n'), /:2: endpoint: no such field/);
  });

  it('readConfiguration() tells the line and path of everything that is wrong', async () => {
    const message = await refusal(`endpoint: certificates
requests:
  - certType: serve
    commonName: a
  - { certType: client, commonName: "{unti}" }
  - certType: client
    sans:
      - good
      - 7
install:
  - certType: server
    commonName: a
    key: /etc/web/tls.key
    mode: 0600
    runs: [systemctl]
status: "yes"
sides: reactive/requires
`);
    assert.deepEqual(message.split('\n'), [
      'tls-certificates.yaml:3: requests[0].certType: expected "server" or "client" or "application" or "intermediate", got a string of 5 characters',
      'tls-certificates.yaml:5: requests[1].commonName: no such placeholder: {unti} (known: {unit}, {application}, {hostname}, {ingress-address}, {ingress-addresses}, {config.OPTION})',
      'tls-certificates.yaml:6: requests[2].commonName: expected text, got nothing',
      'tls-certificates.yaml:9: requests[2].sans[1]: expected text, got a number: put it in quotes',
      'tls-certificates.yaml:14: install[0].mode: expected octal digits in quotes, such as "0600", got 600',
      'tls-certificates.yaml:15: install[0].runs: no such field (known here: certType, commonName, cert, key, fullChain, ca, trustStore, owner, group, mode, makeFolders, run, timeout)',
      'tls-certificates.yaml:16: status: expected true or false, got a string of 3 characters',
      'tls-certificates.yaml:17: sides: no such field (known here: side, endpoint, requests, install, keys, renewAfter, trust, status)',
    ]);
  });

  it('readConfiguration() says in one line each what does not hold together', async () => {
    const entry = (fields: string) => `endpoint: certificates\ninstall:\n- ${fields}\n`;
    const cases: ReadonlyArray<readonly [text: string, expected: RegExp]> = [
      ['requests: []', /^t\.yaml:1: endpoint: expected an endpoint's name as in metadata\.yaml, got nothing$/],
      ['endpoint: ""', /^t\.yaml:1: endpoint: expected an endpoint's name/],
      ['[]', /^t\.yaml:1: expected an object, got a list of 0 elements$/],
      [
        'side: csr/request\nendpoint: c',
        /^t\.yaml:1: side: expected "reactive\/requires" or "reactive\/provides" or "csr\/req/,
      ],
      ['side: csr/requires\nendpoint: c\nkeys: P-521', /^t\.yaml:3: keys: expected "RSA-2048" or "RSA-3072" or /],
      ['side: csr/requires\nendpoint: c\nrenewAfter: 0.5', /^t\.yaml:3: renewAfter: expected a number above 0\.5 and/],
      ['side: csr/requires\nendpoint: c\nauthority: { commonName: a }', /^t\.yaml:3: authority: no such field/],
      [
        'side: csr/requires\nendpoint: c\nrequests: [{ certType: client, commonName: a, subject: { org: b } }]',
        /^t\.yaml:3: requests\[0\]\.subject\.org: no such field/,
      ],
      [
        'side: csr/requires\nendpoint: c\nrequests: [{ certType: server, commonName: a, certificateName: b }]',
        /^t\.yaml:3: requests\[0\]\.certificateName: no such field/,
      ],
      [
        'endpoint: c\nrequests: [{ certType: server, commonName: a, certificateName: b }]',
        /^t\.yaml:2: requests\[0\]\.certificateName: no such field \(known here: .*, subject, uniqueIdentifier\)$/,
      ],
      ['side: any/requires\nendpoint: c\nkeys: P-521', /^t\.yaml:3: keys: expected "RSA-2048" or "RSA-3072" or /],
      ['side: any/provides\nendpoint: c', /^t\.yaml:1: authority: expected an object, got nothing/],
      ['side: csr/provides\nendpoint: c', /^t\.yaml:1: authority: expected an object, got nothing/],
      ['side: reactive/provides\nendpoint: client', /^t\.yaml:1: authority: expected an object, got nothing$/],
      [entry('{ owner: root }'), /^t\.yaml:3: install\[0\]: names nothing to install: give at least one of cert, key/],
      [
        entry('{ key: /k }'),
        /^t\.yaml:3: install\[0\]\.certType: is missing: it says which certificate the key is of$/,
      ],
      [entry('{ certType: client, cert: /c }'), /install\[0\]\.commonName: is missing/],
      [
        entry('{ certType: client, commonName: a, cert: /c, mode: "0640" }'),
        /^t\.yaml:3: install\[0\]\.mode: is the mode/,
      ],
      [
        entry('{ certType: client, commonName: a, key: /k, mode: "0644" }'),
        /expected a mode that ends in 0, for others/,
      ],
      [entry('{ certType: client, commonName: a, key: /k, mode: "4600" }'), /expected octal digits in quotes/],
      [
        entry('{ certType: client, commonName: a, key: /k, cert: /k }'),
        /^t\.yaml:3: install\[0\]\.key: is the path of an/,
      ],
      [entry('ca: /a\n- ca: /a'), /^t\.yaml:4: install\[1\]\.ca: is the path of another file too/],
      [entry('trustStore: true\n- trustStore: true'), /^t\.yaml:4: install\[1\]\.trustStore: is set in install\[0\]/],
      [entry('{ ca: etc/ca.pem }'), /install\[0\]\.ca: expected an absolute path of a file/],
      [entry('{ ca: /etc/../ca.pem }'), /expected an absolute path of a file/],
      [entry('{ ca: "/etc/{unit}/ca.pem" }'), /expected an absolute path of a file, .* placeholders, got/],
      [entry('{ ca: /a, owner: "a b" }'), /install\[0\]\.owner: expected a user's name or number, got a string of 3/],
      [entry('{ ca: /a, run: systemctl reload nginx }'), /install\[0\]\.run: expected a list of a program and its arg/],
      [
        entry('{ ca: /a, run: [] }'),
        /install\[0\]\.run: expected a list of a program and its arguments, got a list of 0/,
      ],
      [
        entry('{ ca: /a, timeout: 0 }'),
        /install\[0\]\.timeout: expected a whole number of seconds from 1 to 3600, got 0/,
      ],
      [asking('[]', '{unit'), /requests\[0\]\.commonName: a brace is not paired/],
      [asking('[]', ''), /requests\[0\]\.commonName: expected text, got none/],
      [asking('["{config.}"]'), /requests\[0\]\.sans\[0\]: no such placeholder: \{config\.\}/],
      [asking('[{unit}]'), /requests\[0\]\.sans\[0\]: .*in YAML a placeholder stands in quotes, as "\{unit\}"$/],
    ];
    for (const [text, expected] of cases) {
      const result = await read(text, 't.yaml');
      assert.ok(result._tag === 'Left', `was accepted: ${text}`);
      assert.match(result.left.message, expected);
      assert.ok(!result.left.message.includes('\n'), result.left.message);
    }
  });

  it("readConfiguration() holds a CA's name, lifetime and policy to what can be", async () => {
    const complaint = (fields: string) =>
      refusal(`side: reactive/provides\nendpoint: client\nauthority:\n  commonName: web CA\n${fields}\n`);
    assert.match(await complaint('  days: 0'), /:5: authority\.days: expected a number of days above 0/);
    assert.match(await complaint('  keys: RSA-1024'), /:5: authority\.keys: expected "P-256" or /);
    assert.match(await complaint('  allowedNames: []'), /:5: authority\.allowedNames: no such field/);
    assert.match(
      await complaint('policy:\n  allowedNames:\n  - a\n  - 10.0.0.0/40'),
      /:8: policy\.allowedNames\[1\]: expected/,
    );
    assert.match(
      await complaint('policy: { kinds: { server: { day: 1 } } }'),
      /:5: policy\.kinds\.server\.day: no such field/,
    );
    assert.match(await complaint('requests: []'), /:5: requests: no such field/);
    for (const generation of ['0', '1.5', '"{unit}"', '"x{config.g}"', 'two']) {
      assert.match(
        await complaint(`  generation: ${generation}`),
        /:5: authority\.generation: expected a whole number from 1 to 1000000, or an option such as/,
      );
    }
    const long = `side: reactive/provides\nendpoint: client\nauthority: { commonName: ${'x'.repeat(65)} }\n`;
    assert.match(
      await refusal(long),
      /:3: authority\.commonName: expected a name of 1 to 64 characters, got a string of 65/,
    );
  });

  it('readConfiguration() tells where a text stops being YAML, and why', async () => {
    const cases: ReadonlyArray<readonly [text: string, expected: RegExp]> = [
      ['endpoint: a\nendpoint: b', /^tls-certificates\.yaml:2: this field stands there twice$/],
      ['{"endpoint": "a",\n "endpoint": "b"}', /:2: this field stands there twice$/],
      ['endpoint: a\nrequests:\n\t- 1', /:3: .*tab stands where YAML wants blanks/],
      ['endpoint: "a', /:1: a quote or bracket is opened here or before, and not closed/],
      ['endpoint: a\n---\nendpoint: b', /:2: a second document begins here/],
      ['endpoint: a: b', /:1: a value has a colon with a blank after it/],
      ['endpoint: !secret a', /:1: a tag \(!name\) is not understood/],
      ['endpoint: a\n7: b', /:2: expected the name of a field, got a key that cannot be one/],
      ['endpoint: a\n<<: { requests: [] }', /:2: expected the name of a field/],
      ['? [a]\n: b', /:1: expected the name of a field/],
      ['endpoint: *a', /tls-certificates\.yaml: this cannot be read: an alias/],
      ['', /expected an object, got nothing$/],
      ['# nothing', /expected an object, got nothing$/],
      [`a: ${'['.repeat(100_000)}`, /^tls-certificates\.yaml/],
      ['x'.repeat(300_000), /expected at most 262144 bytes, got 300000$/],
    ];
    for (const [text, expected] of cases) assert.match(await refusal(text), expected);
    const bytes = await readConfiguration('t.yaml', Uint8Array.of(0xff, 0xfe))();
    assert.equal(
      bytes._tag === 'Left' && bytes.left.message,
      't.yaml: expected YAML or JSON, got bytes that are not UTF-8 text',
    );
  });

  it('readConfiguration() never tells what stands in the text', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'SECRET'.repeat(10)}\n-----END PRIVATE KEY-----`;
    const texts = [
      key,
      `endpoint: ${JSON.stringify(key)}`,
      `endpoint: "${'SECRET'.repeat(10)}`,
      `endpoint: ok\n${'SECRET'.repeat(10)}: 1`,
      `endpoint: ok\n? ${JSON.stringify(key)}\n: 1`,
      asking(`["{${'SECRET'.repeat(10)}}"]`),
      asking(`["{${'SECRET'.repeat(10)}"]`),
      `endpoint: ok\ninstall:\n- { ca: "SECRET", run: "SECRET", owner: "SEC RET", mode: "SECRET" }`,
      `endpoint: ok\nSECRET:SECRET\n  SECRET: [`,
      `endpoint: &a SECRET\nside: *SECRET`,
      `endpoint: !SECRET a`,
    ];
    for (const text of texts) {
      assert.doesNotMatch(await refusal(text), /SECRET|PRIVATE|BEGIN/, text);
    }
  });

  it('readConfiguration() says something about any text, and does not throw', { timeout: PATIENCE }, async () => {
    const endpoints = HOSTILE.map((text) =>
      `endpoint: a\nrequests:\n- { certType: client, commonName: ${JSON.stringify(text)} }`
    );
    for (const text of [...HOSTILE, ...endpoints]) {
      const result = await read(text);
      assert.ok(result._tag === 'Right' || result.left.message.startsWith('tls-certificates.yaml'), text.slice(0, 50));
    }
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anyText(),
          fc.json(),
          fc.string({ unit: fc.constantFrom(...'{}[]-:,&*!|>\'"%@` \n\tae') }),
        ),
        async (text) => {
          const result = await read(text);
          return result._tag === 'Right' || result.left.message.startsWith('tls-certificates.yaml');
        },
      ),
    );
  });

  it('factsNeeded() names what the placeholders need, and nothing else', async () => {
    const needed = async (text: string) => [...factsNeeded((await requirer(text)).configuration)].sort();
    assert.deepEqual(await needed(asking('["{unit}", "{application}", "fixed"]')), []);
    assert.deepEqual(await needed(asking('["{hostname}"]')), ['hostname']);
    assert.deepEqual(await needed(asking('["x-{config.a}"]', '{ingress-address}')), ['config', 'ingressAddresses']);
    assert.deepEqual(await needed(CONTRACT), ['hostname', 'ingressAddresses']);
    const named = `side: reactive/requires\n${asking('[]')}`.replace(
      '  sans',
      '  certificateName: "{config.name}"\n  sans',
    );
    assert.deepEqual(await needed(named), ['config']);
  });

  it('resolve() makes several entries of a placeholder that stands alone in a list, each name once', async () => {
    const sans = async (text: string) => (await filled(asking(text))).requests[0]?.sans;
    assert.deepEqual(await sans('["{ingress-addresses}", "a", "{ingress-address}", "a"]'), [
      '10.0.0.7',
      'fd42::7',
      'a',
    ]);
    assert.deepEqual(await sans('["{config.extra-sans}"]'), ['www.example', 'web.local', 'api.local']);
    assert.deepEqual(await sans('["{config.unset}", "{config.blank}"]'), [], 'an option that is not set adds no name');
    assert.deepEqual(await sans('["{hostname}.{config.domain}", "{application}-{config.port}"]'), [
      'juju-4c1a-3.web.example',
      'web-app-8443',
    ]);
  });

  it('resolve() says what has no value, where, and what to do', async () => {
    const poor: Facts = { unit: 'web/0' as UnitName, config: { domain: null } };
    const result = await unfilled(
      asking('["{hostname}", "x.{config.domain}", "{ingress-addresses}"]', '{config.dmain}'),
      poor,
    );
    assert.deepEqual(result.message.split('\n'), [
      'tls-certificates.yaml:4: requests[0].commonName: the charm has no option called dmain',
      'tls-certificates.yaml:5: requests[0].sans[0]: {hostname} has no value on this machine',
      'tls-certificates.yaml:5: requests[0].sans[1]: {config.domain} has no value: the option is not set (juju config web domain=…)',
      'tls-certificates.yaml:5: requests[0].sans[2]: {ingress-addresses} has no value: Juju knows no address of this unit yet',
    ]);
    assert.equal(result.remedy, 'act');
  });

  it('resolve() tells a cause once, wherever else it shows', async () => {
    const poor: Facts = { unit: 'web/0' as UnitName, hostname: '', config: { domain: null } };
    for (const placeholder of ['{config.domain}', '{ingress-address}', '{hostname}', '{config.dmain}']) {
      const { message, issues } = await unfilled(asking(`["x.${placeholder}", "${placeholder}x"]`, placeholder), poor);
      assert.ok(issues.length > 2, placeholder);
      assert.equal(message.split('\n').length, 1, message);
      assert.match(message, /requests\[0\]\.commonName/);
    }
  });

  it('resolve() waits where nothing but an address is missing', async () => {
    const result = await unfilled(CONTRACT, { ...FACTS, ingressAddresses: [] });
    assert.equal(result.remedy, 'wait');
    assert.deepEqual(result.issues.map(({ path }) => path), [
      'requests[0].commonName',
      'requests[0].sans[0]',
      'install[0].commonName',
    ]);
  });

  it('resolve() takes a placeholder of several values for no part of a text', async () => {
    const { issues } = await unfilled(asking('["x.{ingress-addresses}"]', '{ingress-addresses}'));
    const message = '{ingress-addresses} has 2 values, which fit only as an entry of its own in a list';
    assert.deepEqual(issues, [
      { path: 'requests[0].commonName', message },
      { path: 'requests[0].sans[0]', message },
    ]);
    const one = { ...FACTS, ingressAddresses: ['10.0.0.7'] };
    assert.equal((await filled(asking('[]', '{ingress-addresses}'), one)).requests[0]?.commonName, '10.0.0.7');
  });

  it('resolve() refuses values that are no names, and shows none of them', async () => {
    const values = ['-----BEGIN PRIVATE KEY-----\nSECRET', 'SECRET\u0000', { SECRET: 1 }, ['SECRET']];
    for (const x of values) {
      const { message, issues } = await unfilled(asking('["{config.x}"]', 'x{config.x}'), { ...FACTS, config: { x } });
      assert.doesNotMatch(message, /SECRET|BEGIN/);
      assert.deepEqual(issues.map(({ path }) => path), ['requests[0].commonName', 'requests[0].sans[0]']);
    }
  });

  it('resolve() takes the blanks around an option away, as at the end of a file', async () => {
    for (const domain of ['web.example ', ' web.example', 'web.example\n', '\tweb.example\r\n']) {
      const { requests } = await filled(asking('["{config.domain}", "www.{config.domain}"]', '{config.domain}'), {
        ...FACTS,
        config: { domain },
      });
      assert.deepEqual(requests, [
        { certType: 'server', commonName: 'web.example', sans: ['web.example', 'www.web.example'] },
      ]);
    }
    const { message } = await unfilled(asking('[]', '{config.domain}'), { ...FACTS, config: { domain: ' \n' } });
    assert.match(message, /\{config\.domain\} has no value: the option is not set/);
  });

  it('resolve() refuses what cannot be the common name of a server, once, with the command that sets the option', async () => {
    const long = `${'a'.repeat(60)}.example`;
    const cases = [
      ['https://web.example/', 'is a URL'],
      ['web.example:443', 'has a port'],
      ['web.example, api.example', 'has a blank or a comma'],
      ['web.example api.example', 'has a blank or a comma'],
      ['web.example/path', 'has characters that no host name has'],
      [long, 'has more than 64 characters, and is not among the SANs'],
      ['web.example\napi.example', 'line breaks'],
    ] as const;
    const install = 'install:\n- { certType: server, commonName: "{config.domain}", cert: /a }\n';
    for (const certType of ['server', 'application']) {
      const text = `${asking('["10.0.0.7"]', '{config.domain}').replace('server', certType)}`;
      for (const [domain, flaw] of cases) {
        const facts = { ...FACTS, config: { domain } };
        const { remedy, message } = await unfilled(text, facts);
        assert.equal(remedy, 'act');
        assert.ok(message.includes('{config.domain}') && message.includes(flaw), message);
        assert.ok(message.includes('(juju config web-app domain=…)'), message);
        assert.equal(message.split('\n').length, 1, message);
        assert.ok(!message.includes(domain), 'the value is not shown');
      }
    }
    const { message } = await unfilled(`${asking('[]', '{config.domain}')}${install}`, {
      ...FACTS,
      config: { domain: 'https://web.example/' },
    });
    assert.equal(message.split('\n').length, 1, message);
    const { requests } = await filled(asking('["{config.domain}"]', '{config.domain}'), {
      ...FACTS,
      config: { domain: long },
    });
    assert.equal(requests[0]?.commonName, long, 'a SAN has room for it');
  });

  it('resolve() leaves common names of clients and CAs, and what the charm itself says, to the charm', async () => {
    const clients = asking('[]', '{config.user}').replace('server', 'client');
    const facts = { ...FACTS, config: { user: 'system:node:web 0, etc' } };
    assert.equal((await filled(clients, facts)).requests[0]?.commonName, 'system:node:web 0, etc');
    assert.equal((await filled(asking('[]', '{unit}'))).requests[0]?.commonName, 'web-app/3');
    assert.match((await unfilled(clients, { ...FACTS, config: { user: 'x'.repeat(65) } })).message, /64 characters/);
    assert.match((await unfilled(asking('[]', 'https://{hostname}/'))).message, /the common name is a URL/);
  });

  it('resolve() does not say that nobody asks for what could not be filled in', async () => {
    const text = `${
      asking('["{ingress-address}"]')
    }install:\n- { certType: server, commonName: web.example, cert: /a }\n`;
    const { issues } = await unfilled(text, { ...FACTS, ingressAddresses: [] });
    assert.deepEqual(issues.map(({ path }) => path), ['requests[0].sans[0]']);
  });

  it('resolve() refuses to ask twice for one certificate, and to install one that nobody asks for', async () => {
    const twice =
      'endpoint: c\nrequests:\n- { certType: client, commonName: a }\n- { certType: client, commonName: "{config.x}" }\n';
    assert.equal(
      (await unfilled(twice, { ...FACTS, config: { x: 'a' } })).message,
      'tls-certificates.yaml:4: requests[1].commonName: asks once more for the client certificate that another request asks for',
    );
    const unasked =
      'endpoint: c\ninstall:\n- { certType: client, commonName: a, cert: /a }\n- { certType: server, commonName: a, cert: /b }\n';
    const { issues } = await unfilled(unasked);
    assert.deepEqual(issues.map(({ path }) => path), ['install[0].commonName', 'install[1].commonName']);
    assert.equal((await filled('endpoint: c\ninstall:\n- ca: /ca.pem\n')).installs[0]?.wanted, null);
  });

  it('resolve() is total and says the same for the same facts, whatever the values are', async () => {
    const configured = await requirer(
      asking('["{config.a}", "{ingress-addresses}", "x.{config.b}"]', '{config.c}-{hostname}'),
    );
    const config = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', '__proto__'),
      fc.oneof(fc.string(), fc.constantFrom(...HOSTILE), fc.jsonValue()),
    );
    fc.assert(
      fc.property(config, fc.array(fc.string()), fc.string(), (options, ingressAddresses, hostname) => {
        const facts: Facts = { unit: 'web/0' as UnitName, hostname, ingressAddresses, config: options };
        const result = resolve(configured, facts);
        assert.deepEqual(result, resolve(configured, facts));
        if (result._tag === 'Right') {
          const [request] = result.right.requests;
          assert.ok(request !== undefined && request.commonName.endsWith(`-${hostname}`));
          assert.deepEqual([...new Set(request.sans)], request.sans);
        } else assert.ok(result.left.issues.length > 0);
      }),
    );
  });
});
