/**
 * Exploring: among many orders of hooks, the shortest history that goes wrong is found, and can be played again.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { orThrow } from '../../../adapters/host.ts';
import { explore } from '../../../adapters/rehearsal/mod.ts';
import { broken, played, scenario } from './play.ts';

const TEXT = `
applications: { web: { charm: builtin:requirer } }
steps:
  - settle
  - advance: 1h
  - kill: { unit: web/0, at: any tool call }
  - add-unit: web
  - expect: { unit: web/1, status: active }
`;

describe('exploring', () => {
  it('explore() finds nothing where all is well', async () => {
    const text =
      'applications: { web: { charm: builtin:requirer } }\nsteps: [{ expect: { unit: web/0, status: blocked } }]';
    const { tried, broken: count, shortest } = await orThrow(explore(await scenario(text), { histories: 4 }));
    assert.deepEqual([tried, count, shortest], [4, 0, null]);
  });

  it('explore() gives the shortest history, without the steps that it does not need, and it can be played again', async () => {
    const tried: Array<boolean> = [];
    const onTried = ({ passed }: { readonly passed: boolean }): void => void tried.push(passed);
    const found = await orThrow(explore(await scenario(TEXT), { histories: 3, onTried }));
    const { shortest } = found;
    assert.ok(shortest !== null);
    assert.deepEqual([found.broken, found.tried], [3, tried.length]);
    // What it takes: the second unit, and the look at it.
    assert.deepEqual(shortest.history.steps, [3, 4]);
    assert.ok(shortest.history.hooks.every(({ killedAt }) => killedAt === undefined), 'no kill is needed');
    const why =
      'web/1: status active: it is blocked: certificates: not related to a provider of certificates (juju integrate)';
    assert.deepEqual(broken(shortest), [why]);
    const again = await played(TEXT, { replay: shortest.history });
    assert.deepEqual([broken(again), again.problems], [[why], []]);
  });
});
