/**
 * docs/monitoring.md, the alert rules and the dashboard name the metrics that `inspect` prints, and no others.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { metricsLines } from '../../adapters/cli/openmetrics.ts';
import { examine, exchangesOfRequirer } from '../../core/examine/mod.ts';
import { decoded } from '../world.ts';

const page = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const namedIn = (text: string): ReadonlyArray<string> =>
  [...new Set(text.match(/\btls_certificates_[a-z_]+/g) ?? [])].sort();

const printed = async (): Promise<string> => {
  const { snapshot } = decoded(JSON.parse(page('test/real/trouble-expired.json')));
  return metricsLines(await examine(exchangesOfRequirer(snapshot))()).join('\n');
};

describe('monitoring', () => {
  it('the documentation has every metric with its labels', async () => {
    const [metrics, text] = [await printed(), page('docs/monitoring.md')];
    assert.deepEqual(namedIn(text), namedIn(metrics));
    for (const [, label = ''] of metrics.matchAll(/([a-z_]+)="/g)) assert.ok(text.includes(`\`${label}\``), label);
  });

  it('the alert rules are rules about metrics that there are', async () => {
    const text = page('examples/monitoring/alerts.yml');
    const known = namedIn(await printed());
    assert.deepEqual(namedIn(text).filter((name) => !known.includes(name)), []);
    const { groups } = parse(text);
    const rules = groups.flatMap((group: { readonly rules: ReadonlyArray<Record<string, unknown>> }) => group.rules);
    assert.ok(rules.length >= 6);
    for (const { alert, expr, labels, annotations } of rules) {
      assert.ok(alert && expr && labels && annotations, String(alert));
    }
  });

  it('the dashboard shows metrics that there are', async () => {
    const { panels } = JSON.parse(page('examples/monitoring/dashboard.json'));
    const known = namedIn(await printed());
    for (const { title, targets } of panels) {
      const named = namedIn(JSON.stringify(targets));
      assert.ok(named.length > 0, title);
      assert.deepEqual(named.filter((name) => !known.includes(name)), [], title);
    }
  });
});
