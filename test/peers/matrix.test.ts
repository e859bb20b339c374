/**
 * Who works with whom, where one of the two is on the Python library: every kind that can be asked for, and all that happens. The page
 * docs/what-works-with-what.md says what is found here; test/core/any/matrix.test.ts finds the rest.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Found, isInTable } from '../matrix.ts';
import { readCertificates } from './certificates.ts';
import { noMoreHooks } from './hooks.ts';
import { type Hooks, lifeOfTwo, served } from './lives.ts';
import { meet, type Meeting, type Peer } from './meeting.ts';
import { withoutPython } from './python.ts';
import { installedFor } from './without-code.ts';

const PYTHON = '1.12.0';

/** What is on the disks, by kind; what the library says that it has, by mode. */
const kindsOf = (meeting: Meeting): ReadonlyArray<string> =>
  meeting.isOurRequirer
    ? ['server', 'client', 'application', 'intermediate'].filter((kind) =>
      meeting.juju.unitsOf('web').every((unit) => installedFor(meeting.juju, unit, kind) !== null)
    )
    : ['server', 'application'];

const pems = (meeting: Meeting): string => readCertificates(meeting).answered.map(({ pem }) => pem).sort().join();

/** Lives through it all, in both modes. What is found is held against what is due, so that most of it can only be as it is told here. */
const livesThrough = async (meeting: Meeting): Promise<{ readonly hooks: Hooks; readonly found: Found }> => {
  const { juju } = meeting;
  const hooks = await lifeOfTwo(meeting);
  const kinds = kindsOf(meeting);
  const anew = async (what: string, happening: () => void, ...more: ReadonlyArray<string>): Promise<string> => {
    const before = pems(meeting);
    await meeting.rest(happening);
    served(meeting, what, 'web/1', ...more);
    return pems(meeting) === before ? 'as before' : 'new';
  };
  const names = await anew('names', () => juju.configure('web', { sans: 'www.example' }), 'www.example');
  const ca = await anew('CA', () => meeting.replaceCa(), 'www.example');
  for (const { issuer } of readCertificates(meeting).answered) assert.match(issuer, /Another CA|Our CA G2/);
  const related = await anew('relation', () => juju.removeRelation(meeting.relation)).catch(() => 'gone');
  assert.equal(related, 'gone');
  const relation = await anew('relation', () => meeting.relate(), 'www.example');
  // The library asks for certificates of CAs or for others, and goes over from one to the other.
  if (!meeting.isOurRequirer) {
    assert.equal(await anew('CAs', () => juju.configure('web', { 'is-ca': true }), 'www.example'), 'new');
    for (const { isCa } of readCertificates(meeting).answered) assert.ok(isCa, 'of a CA');
  }
  return {
    hooks,
    found: {
      spoken: 'by CSR',
      kinds: [...kinds, ...meeting.isOurRequirer ? [] : ['intermediate']].join(', '),
      names,
      ca,
      // lifeOfTwo() has seen to these.
      leader: 'kept',
      unit: 'withdrawn',
      relation: `withdrawn, then ${relation}`,
    },
  };
};

/** Who they are for the page. */
const nameOf = (peer: Peer, role: 'requires' | 'provides'): string =>
  peer === PYTHON ? 'charmlibs' : `${peer === 'any' ? 'any' : 'csr'}/${role}`;

const meeting = (requirer: Peer, provider: Peer) =>
  meet(
    {
      requirer,
      provider,
      mode: 'APP_AND_UNIT',
      units: 2,
      providers: 2,
      // It tells what it can do, as ours does, which is a hook for each unit.
      domain: 'example',
      more: requirer === PYTHON ? [] : ['client', 'intermediate'],
    },
    livesThrough,
  );

let known: ReturnType<typeof meeting> | null = null;

/** What the library needs with itself, found out once. */
const withItself = () => known ??= meeting(PYTHON, PYTHON);

const PAIRS: ReadonlyArray<readonly [requirer: Peer, provider: Peer]> = [
  [PYTHON, PYTHON],
  ['ours', PYTHON],
  ['any', PYTHON],
  [PYTHON, 'ours'],
  [PYTHON, 'any'],
];

describe('the matrix of requirers and providers, with the Python library', () => {
  for (const [requirer, provider] of PAIRS) {
    it(
      `${nameOf(requirer, 'requires')} with ${nameOf(provider, 'provides')}: the page says what works`,
      { skip: withoutPython },
      async () => {
        const python = await withItself();
        const { hooks, found } = requirer === provider ? python : await meeting(requirer, provider);
        isInTable(nameOf(requirer, 'requires'), nameOf(provider, 'provides'), found);
        if (requirer !== 'any' && provider !== 'any') {
          noMoreHooks(hooks, python.hooks, requirer === PYTHON ? 'python' : 'ours');
        }
      },
    );
  }
});
