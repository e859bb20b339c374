/**
 * `inspect` in its other forms: a line each, problems only, metrics, exit codes by severity, PEM files, several documents, narrow terminals.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { inspect, plan } from '../../../adapters/cli/commands.ts';
import type { Format, InspectOptions } from '../../../adapters/cli/inspect.ts';
import { pageOf, plain } from '../../../adapters/cli/terminal.ts';
import { inFolder } from '../../command.ts';

const real = (name: string): string => new URL(`../../real/${name}.json`, import.meta.url).pathname;

const document = (name: string) => JSON.parse(readFileSync(real(name), 'utf8'));

const NAMES = ['easyrsa-answered', 'trouble-expired', 'trouble-missing-sans', 'trouble-wrong-ca', 'vault-intermediate'];

interface Shown {
  readonly text: string;
  readonly foundError: boolean;
}

const shown = async (
  paths: ReadonlyArray<string>,
  { format = 'text', width = Infinity, ...options }: Partial<InspectOptions> & { format?: Format; width?: number } = {},
): Promise<Shown> => {
  const result = await inspect({ paint: plain, width }, paths, format, { requirer: null, ...options })();
  if (result._tag === 'Left') throw new Error(result.left.message);
  return result.right;
};

const refused = async (paths: ReadonlyArray<string>): Promise<string> => {
  const result = await inspect({ paint: plain, width: Infinity }, paths, 'text', { requirer: null })();
  return result._tag === 'Left' ? result.left.message : assert.fail(result.right.text);
};

describe('tls-certificates inspect, in other forms', () => {
  it('begins with the verdict, the numbers, and as of when', async () => {
    const first = async (name: string) => (await shown([real(name)])).text.split('\n')[0];
    assert.equal(
      await first('vault-intermediate'),
      'All certificates are valid. 2 of 2 requests answered. As of 2026-11-24T00:00:00Z.',
    );
    assert.match(
      await first('trouble-wrong-ca') ?? '',
      /^One thing is wrong\. 1 of 1 request answered, 1 error\. As of/,
    );
    assert.match(await first('easyrsa-fresh') ?? '', /^Nobody has requested a certificate yet\./);
  });

  it('--short has one line for each request, with the codes of what is wrong', async () => {
    const { text } = await shown([real('trouble-missing-sans')], { short: true });
    const [, ...lines] = text.trimEnd().split('\n');
    assert.equal(lines.length, 1);
    assert.match(
      lines[0] ?? '',
      /^✗ +keystone\/0 +certificates:41 +server +keystone\.internal +\d+ days left +names-missing$/,
    );
    for (const name of NAMES) {
      const [, ...all] = (await shown([real(name)], { short: true })).text.trimEnd().split('\n');
      const rows = JSON.parse((await shown([real(name)], { format: 'json' })).text).examinations
        .flatMap(({ requests }: { requests: ReadonlyArray<unknown> }) => requests);
      assert.equal(all.filter((line) => /^[✔✗…] /.test(line)).length, rows.length, name);
    }
  });

  it('--problems leaves out what is well, in text and JSON, and changes no exit code', async () => {
    const well = await shown([real('vault-intermediate')], { problems: true });
    assert.equal(well.text.trimEnd().split('\n').length, 1);
    const json = JSON.parse((await shown([real('trouble-expired')], { problems: true, format: 'json' })).text);
    for (const { requests } of json.examinations) for (const { findings } of requests) assert.ok(findings.length > 0);
    for (const name of NAMES) {
      assert.equal(
        (await shown([real(name)], { problems: true })).foundError,
        (await shown([real(name)])).foundError,
        name,
      );
    }
  });

  it('--fail-on warning ends with 1 where the worst is a warning', async () => {
    const warned = { ...document('vault-intermediate') };
    warned.snapshot = { ...warned.snapshot, now: '2027-11-10T00:00:00Z' };
    await inFolder(async (path) => {
      await writeFile(path('soon.json'), JSON.stringify(warned));
      const ends = async (file: string, failOn?: 'error' | 'warning') =>
        (await shown([file], failOn === undefined ? {} : { failOn })).foundError;
      assert.deepEqual([await ends(path('soon.json')), await ends(path('soon.json'), 'warning')], [false, true]);
      assert.deepEqual([await ends(real('vault-intermediate'), 'warning')], [false]);
      assert.deepEqual([await ends(real('trouble-wrong-ca')), await ends(real('trouble-wrong-ca'), 'warning')], [
        true,
        true,
      ]);
    });
  });

  it('tells serial and fingerprint as OpenSSL prints them', async () => {
    const { text } = await shown([real('trouble-wrong-ca')]);
    assert.match(text, /serial +58:1D:EF:7C(:[0-9A-F]{2})+\n/);
    assert.match(text, /SHA-256 +([0-9A-F]{2}:){16}\n +([0-9A-F]{2}:){15}[0-9A-F]{2}\n/);
  });

  it('fits 60 columns, and 40', async () => {
    for (const width of [60, 40]) {
      for (const name of [...NAMES, 'easyrsa-fresh']) {
        const { text } = await shown([real(name)], { width });
        const wide = text.split('\n').filter((line) => line.length > width);
        assert.deepEqual(wide, [], `${name} at ${width}`);
        const planned = await plan({ paint: plain, width }, real(name))();
        assert.ok(planned._tag === 'Right');
        // A word that is longer than a line stands alone.
        const odd = planned.right.text.split('\n').filter((line) => line.length > width && /\S\s+\S/.test(line.trim()));
        assert.deepEqual(odd, [], `plan ${name} at ${width}`);
      }
    }
  });

  it('takes its width from the terminal, or from COLUMNS', () => {
    assert.equal(pageOf({ isTTY: true, columns: 60 }, {}).width, 60);
    assert.equal(pageOf({ isTTY: false }, { COLUMNS: '60' }).width, 60);
    assert.equal(pageOf({ isTTY: false }, {}).width, Infinity);
    assert.equal(pageOf({ isTTY: false }, { COLUMNS: 'wide' }).width, Infinity);
  });

  it('plan and apply mention what inspect finds, and the command', async () => {
    const page = { paint: plain, width: Infinity };
    const bad = await plan(page, real('trouble-wrong-ca'))();
    assert.ok(bad._tag === 'Right' && !bad.right.foundError, 'it is no finding of the decision');
    assert.match(
      bad.right.text,
      /Inspection\n {2}One thing is wrong\. .*finds 1 error:\n {2}tls-certificates inspect .*trouble-wrong-ca\.json\n$/,
    );
    const good = await plan(page, real('vault-intermediate'))();
    assert.ok(good._tag === 'Right' && !good.right.text.includes('Inspection'));
  });

  it('reads documents of any side, also of those that speak both protocols', () =>
    inFolder(async (path) => {
      await writeFile(path('any.json'), JSON.stringify({ ...document('vault-intermediate'), side: 'any/requires' }));
      assert.match((await shown([path('any.json')])).text, /^All certificates are valid\./);
    }));

  it('puts documents of several units together, and both sides of one relation once', () =>
    inFolder(async (path) => {
      const first = document('vault-intermediate');
      const [relation] = first.snapshot.relations;
      const [[provider, published]] = Object.entries(relation.remoteUnits) as [[string, Record<string, string>]];
      const moved = Object.fromEntries(
        Object.entries(published).map(([key, value]) => [key.replace('keystone_0', 'keystone_1'), value]),
      );
      const other = {
        ...first,
        snapshot: {
          ...first.snapshot,
          localUnit: 'keystone/1',
          relations: [{
            ...relation,
            localUnitData: { ...relation.localUnitData, unit_name: 'keystone_1' },
            remoteUnits: { [provider]: moved },
          }],
        },
      };
      const answering = {
        side: 'reactive/provides',
        snapshot: {
          localUnit: provider,
          endpoint: 'certificates',
          now: first.snapshot.now,
          relations: [{
            id: 'certificates:41',
            localUnitData: published,
            remoteUnits: { 'keystone/0': relation.localUnitData },
          }],
        },
      };
      await writeFile(path('1.json'), JSON.stringify(first));
      await writeFile(path('2.json'), JSON.stringify(other));
      await writeFile(path('ca.json'), JSON.stringify(answering));
      const { text } = await shown([path('1.json'), path('2.json')]);
      assert.match(text, /^All certificates are valid\. 4 of 4/);
      assert.match(text, /keystone\/0 on[\s\S]*keystone\/1 on/);
      assert.match((await shown([path('1.json'), path('ca.json')])).text, /^All certificates are valid\. 2 of 2/);
      await writeFile(
        path('pasted'),
        `$ cat 1.json\n${JSON.stringify(first)}\n$ cat 2.json\n\`\`\`\n${JSON.stringify(other)}\n\`\`\`\n`,
      );
      assert.match((await shown([path('pasted')])).text, /4 of 4/);
      assert.match(await refused([real('easyrsa-fresh'), real('easyrsa-answered')]), /give an input document alone/);
    }));

  it('prints metrics: ends, renewals, what is open or denied, findings by code; each series once', async () => {
    for (const name of [...NAMES, 'easyrsa-fresh']) {
      const { text } = await shown([real(name)], { format: 'openmetrics' });
      const lines = text.trimEnd().split('\n');
      assert.equal(lines.at(-1), '# EOF');
      const samples = lines.filter((line) => !line.startsWith('#'));
      const series = samples.map((line) => line.slice(0, line.lastIndexOf(' ')));
      assert.equal(new Set(series).size, series.length);
      for (const line of samples) {
        assert.match(line, /^tls_certificates_[a-z_]+(\{([a-z_]+="(\\.|[^"\\\n])*",?)+\})? -?\d+(\.\d+)?$/);
      }
      for (
        const metric of [
          'not_after_timestamp_seconds',
          'requests_outstanding',
          'requests_denied',
          'findings_by_severity',
        ]
      ) {
        if (name === 'easyrsa-fresh' && metric.startsWith('not')) continue;
        assert.ok(samples.some((line) => line.startsWith(`tls_certificates_${metric}{`)), `${name} ${metric}`);
      }
      assert.doesNotMatch(text, /PRIVATE|BEGIN/);
    }
    const { text } = await shown([real('trouble-wrong-ca')], { format: 'openmetrics' });
    assert.match(text, /tls_certificates_findings\{code="untrusted",severity="error"\} 1\n/);
    const end = new Date('2027-11-23T21:00:00Z').getTime() / 1_000;
    const told = Number(/not_after_timestamp_seconds\{[^}]*keystone\.internal[^}]*\} (\d+)/.exec(text)?.[1]);
    assert.ok(Math.abs(told - end) < 86_400);
  });

  it('escapes what a name would do to the metrics', () =>
    inFolder(async (path) => {
      const evil = 'a"b\\c\nd} 1\n# EOF';
      const fresh = document('easyrsa-fresh');
      fresh.snapshot.localUnit = evil;
      await writeFile(path('evil.json'), JSON.stringify(fresh));
      const { text } = await shown([path('evil.json')], { format: 'openmetrics' });
      assert.equal(text.split('\n').filter((line) => line === '# EOF').length, 1);
      assert.ok(text.includes('requirer="a\\"b\\\\c\\\\u000ad} 1'));
    }));

  it('tells of a fresh relation that nobody has requested anything yet', () =>
    inFolder(async (path) => {
      const entry = (endpoint: string, related: string, unit: string, data: object = {}) => ({
        'relation-id': 3,
        endpoint,
        'related-endpoint': related,
        'application-data': {},
        'related-units': {
          [unit]: { data: { 'egress-subnets': '10.0.0.7/32', 'ingress-address': '10.0.0.7', ...data } },
        },
      });
      const unitOf = (...infos: ReadonlyArray<object>) => ({ 'relation-info': infos });
      const told = async (output: object): Promise<string> => {
        await writeFile(path('units.json'), JSON.stringify(output));
        return (await shown([path('units.json')])).text;
      };
      const fresh = [
        { 'web/0': unitOf(entry('certificates', 'client', 'easyrsa/0')) },
        { 'easyrsa/0': unitOf(entry('client', 'certificates', 'web/0')) },
        {
          'web/0': unitOf(entry('certificates', 'certificates', 'ca/0')),
          'ca/0': unitOf(entry('certificates', 'certificates', 'web/0')),
        },
        // Other endpoints say nothing of what they are for; where nothing else is there, they are told.
        { 'web/0': unitOf(entry('secure', 'issuer', 'easyrsa/0')) },
      ];
      for (const output of fresh) {
        const text = await told(output);
        assert.match(text, /^Nobody has requested a certificate yet\. As of/, JSON.stringify(output));
        assert.match(text, /nothing-asked: (?:\w+ and \w+) are related, but nothing about certificates/);
        assert.doesNotMatch(text, /no relation/i);
      }
      const database = { 'web/0': unitOf(entry('db', 'database', 'postgresql/0', { user: 'x' })) };
      assert.match(await told(database), /^Nothing here is about certificates\./);
    }));
});
