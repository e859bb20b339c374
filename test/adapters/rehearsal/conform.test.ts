/**
 * Conversations: charms of ours keep the rules, and a charm that does not is told which one it breaks.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFileSync } from 'node:fs';
import { orThrow } from '../../../adapters/host.ts';
import { CONVERSATIONS } from '../../../adapters/rehearsal/conformance/conform.ts';
import { conformancePage } from '../../../adapters/rehearsal/conformance/page.ts';
import { conform } from '../../../adapters/rehearsal/mod.ts';
import { scenario, SHELL, withCharm } from './play.ts';

const told = (verdicts: ReadonlyArray<{ readonly name: string; readonly verdict: string }>) =>
  verdicts.map(({ name, verdict }) => `${name}: ${verdict}`);

describe('conformance', () => {
  it('has some sixty conversations, each with a rule, and a source that is there', () => {
    const all = Object.values(CONVERSATIONS).flat();
    assert.ok(all.length >= 60, `${all.length}`);
    for (const conversations of Object.values(CONVERSATIONS)) {
      const names = conversations.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length, 'each name once');
    }
    for (const { name, rule, source } of all) {
      assert.ok(rule.endsWith('.'), name);
      for (const part of source.split('; ')) {
        const [, page, heading] = /^([\w/-]+\.md)(?:#([\w-]+))?/.exec(part) ?? [];
        if (page === undefined) {
          assert.match(part, /^RFC \d+ section /, name);
          continue;
        }
        const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8');
        const headings = [...text.matchAll(/^##+ (.*)$/gm)].map(([, title = '']) =>
          title.toLowerCase().replaceAll(' ', '-')
        );
        assert.ok(heading === undefined || headings.includes(heading), `${name}: ${part}`);
        for (const [number] of part.matchAll(/\b[CD]\d+\b/g)) {
          assert.ok(text.includes(`| ${number} |`), `${name}: ${part}`);
        }
      }
    }
  });

  it('conform() has a verdict of each conversation of a requirer of ours', async () => {
    const web = await scenario('applications: { web: { charm: builtin:requirer } }');
    const verdicts = await orThrow(conform(web, { role: 'requirer', protocols: ['csr'], only: 'request' }));
    // It is not known what would change its request.
    assert.deepEqual(told(verdicts), ['first request: kept', 'request changed: left out']);
    const all = await orThrow(conform(web, { role: 'requirer', protocols: ['reactive'], only: 'bad day' }));
    assert.deepEqual(all.map(({ verdict, why }) => [verdict, why]), all.map(() => ['kept', '']));
    assert.ok(all.length >= 7);
  });

  it('conform() has a verdict of each conversation of a provider of ours', async () => {
    const ca = await scenario('applications: { ca: { charm: builtin:provider } }');
    for (const protocol of ['csr', 'reactive'] as const) {
      const verdicts = await orThrow(conform(ca, { role: 'provider', protocols: [protocol], only: 'answer' }));
      assert.deepEqual(verdicts.map(({ verdict, why }) => [verdict, why]), verdicts.map(() => ['kept', '']));
      assert.ok(verdicts.length >= 6);
      const upgraded = await orThrow(conform(ca, { role: 'provider', protocols: [protocol], only: 'upgrade' }));
      assert.deepEqual(told(upgraded), ['upgrade on live databags: kept']);
    }
  });

  it('conform() finds what a charm does wrong, and says by which rule', async () => {
    // It writes something else in every hook.
    const chatty =
      `${SHELL}\n[ -z "$JUJU_RELATION_ID" ] && for id in $(relation-ids certificates); do relation-set -r "$id" at="$JUJU_CONTEXT_ID"; done\nexit 0\n`;
    await withCharm(chatty, async (base) => {
      const shell = await scenario('applications: { shell: { charm: ./charm } }');
      const options = { base, sharedRoot: true, role: 'requirer', protocols: ['reactive'] } as const;
      const [verdict] = await orThrow(conform(shell, { ...options, only: 'nothing new' }));
      assert.equal(verdict?.verdict, 'broken');
      assert.match(verdict.why, /^update-status of shell\/0 writes at$/);
      assert.match(
        conformancePage('shell', 'requirer', [verdict]),
        /\| nothing new \| reactive \| broken: update-status/,
      );
    });
  });
});
