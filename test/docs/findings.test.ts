/**
 * docs/findings.md says of every finding what it is and what to do about it; and each of them can be made to appear, with a message
 * that holds none of the content it is about.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { HOOK_FINDINGS } from '../../adapters/charm/findings.ts';
import { ANY_PROVIDES_FINDINGS, ANY_REQUIRES_FINDINGS } from '../../core/any/mod.ts';
import { BRIDGE_FINDINGS } from '../../core/bridge/mod.ts';
import { CSR_PROVIDES_FINDINGS, CSR_REQUIRES_FINDINGS } from '../../core/csr/mod.ts';
import { EXAMINE_FINDINGS } from '../../core/examine/mod.ts';
import { TRUST_PROVIDES_FINDINGS, TRUST_REQUIRES_FINDINGS } from '../../core/trust/mod.ts';
import { decideInput, PROVIDES_FINDINGS, REQUIRES_FINDINGS } from '../../mod.ts';
import type { ProvidesFindingCode } from '../../core/reactive/provides/findings.ts';
import type { RequiresFindingCode } from '../../core/reactive/requires/findings.ts';
import { answers, decodedProvides, input, relation, topAnswer, type World } from '../world.ts';

const PARTS = ['Side', 'Severity', 'Stands for', 'Cause', 'Remedy'];

interface Section {
  readonly code: string;
  /** The text of each part, on one line and without backticks. */
  readonly parts: ReadonlyMap<string, string>;
}

const sections = (): ReadonlyArray<Section> => {
  const page = readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8');
  return page.split(/^### /m).slice(1).map((text) => {
    const parts = [...text.matchAll(/^- \*\*(.+?):\*\*((?:.|\n(?!- |\n))+)/gm)].map(([, name = '', content = '']) =>
      [name, content.replaceAll(/\s+/g, ' ').replaceAll('`', '').trim()] as const
    );
    return { code: /^`([a-z-]+)`$/m.exec(text)?.[1] ?? text, parts: new Map(parts) };
  });
};

const MARKER = 'SECRET-MARKER';

/** An intent that asks for one server certificate, with a SAN that nobody is to see. */
const asking = (commonName: string, san = MARKER) => ({ requests: [{ certType: 'server', commonName, sans: [san] }] });

const WITHDRAWING = { withdraw: [{ certType: 'server', commonName: 'web.example' }] };

/** `web/0` has asked for `web.example` with a SAN that nobody is to see. */
const ASKED = { unit_name: 'web_0', common_name: 'web.example', sans: `["${MARKER}"]`, certificate_name: 'web' };

const related = (
  localUnitData: Readonly<Record<string, string>>,
  published: Readonly<Record<string, string>>,
): World => ({
  relations: [relation({ localUnitData, remoteUnits: { 'easyrsa/0': published } })],
});

const ANSWER = { relationId: 'certificates:3', unit: 'web/0', certType: 'server', commonName: 'a' };

/** A world for each code, with content that is not to be told wherever the code is about content. */
const WORLDS: Readonly<Record<RequiresFindingCode, World>> = {
  'malformed-value': related(
    { cert_requests: `{"${MARKER}` },
    { 'web_0.processed_requests': `["${MARKER}"]`, 'web_0.processed_client_requests': MARKER },
  ),
  'malformed-entry': related(
    { cert_requests: `{"web.example": "${MARKER}"}` },
    answers({ 'web.example': MARKER, 'node.example': { cert: [MARKER], key: { [MARKER]: MARKER } } }),
  ),
  'incomplete-answer': related(ASKED, {
    'web_0.server.key': MARKER,
    'client.cert': MARKER,
    ...answers({ 'node.example': { cert: MARKER } }),
  }),
  'unasked-answer': related({}, topAnswer(MARKER, MARKER)),
  'stale-answer': {
    ...related(ASKED, topAnswer(MARKER, MARKER)),
    intent: { ...asking('new.example'), ...WITHDRAWING },
  },
  'sans-replaced': { ...related(ASKED, {}), intent: asking('web.example', `new-${MARKER}`) },
  'repeat-ignored': {
    ...related(ASKED, {}),
    intent: { ...asking('web.example', `new-${MARKER}`), onRepeat: 'ignore' },
  },
  'withdrawn-and-requested': {
    ...related(ASKED, {}),
    intent: { ...asking('web.example'), ...WITHDRAWING },
  },
  'no-relation': { relations: [], intent: asking('web.example') },
  'unknown-flag': { intent: { handled: [MARKER, 'certificates.ca.available'] } },
  'not-a-name': { ...related({}, {}), intent: asking('web.example', `${MARKER}:8443`) },
};

/** A provider's relation, and what its charm wants, for each code. */
const PROVIDER_WORLDS: Readonly<Record<ProvidesFindingCode, { readonly relation: object; readonly intent?: object }>> =
  {
    'malformed-value': {
      relation: {
        localUnitData: { 'web_0.processed_requests': MARKER },
        remoteUnits: { 'web/0': { common_name: 'a', sans: MARKER, cert_requests: `["${MARKER}"]` } },
      },
    },
    'malformed-entry': {
      relation: {
        localUnitData: { 'web_0.processed_requests': `{"a": "${MARKER}"}` },
        remoteUnits: { 'web/0': { cert_requests: `{"a": "${MARKER}", "b": {"sans": "${MARKER}"}}` } },
      },
    },
    'incomplete-answer': {
      relation: {
        localUnitData: { 'web_0.server.key': MARKER },
        remoteUnits: { 'web/0': { common_name: 'a', client_cert_requests: '{"c": {}}' } },
      },
      intent: {
        answers: [{ ...ANSWER, certType: 'client', commonName: 'c', cert: '', key: MARKER }],
      },
    },
    'unasked-answer': {
      relation: { localUnitData: {}, remoteUnits: {} },
      intent: { answers: [{ ...ANSWER, cert: MARKER, key: MARKER }] },
    },
    'request-refused': {
      relation: { localUnitData: { x: MARKER }, remoteUnits: { 'web/0': { common_name: 'a' } } },
      intent: { refusals: [{ ...ANSWER, reason: 'not in this house' }] },
    },
    'answer-withdrawn': {
      relation: {
        localUnitData: { ...topAnswer(MARKER, MARKER), ...answers({ b: { cert: MARKER, key: MARKER } }) },
        remoteUnits: { 'web/0': {} },
      },
    },
    'unit-name-taken': {
      relation: {
        localUnitData: { x: MARKER },
        remoteUnits: { 'web/0': {}, 'web/1': { unit_name: 'web_0', common_name: MARKER } },
      },
    },
    'unit-name-unfit': {
      relation: { localUnitData: {}, remoteUnits: { 'web/0': { unit_name: `${MARKER}\0_0`, common_name: MARKER } } },
    },
  };

/** How many of the code a provider's world gives. */
const PROVIDER_TIMES: Readonly<Record<string, number>> = {
  'malformed-value': 3,
  'malformed-entry': 3,
  'incomplete-answer': 2,
  'answer-withdrawn': 2,
};

/** How many findings of the code a world gives; more than one where the code has more than one cause. */
const TIMES: Readonly<Record<string, number>> = {
  'malformed-value': 3,
  'malformed-entry': 4,
  'incomplete-answer': 3,
  'unknown-flag': 2,
};

describe('docs/findings.md', () => {
  it('REQUIRES_FINDINGS and the page have the same codes with the same severities', () => {
    const documented = sections()
      .filter(({ parts }) => parts.get('Side')?.split(', ').includes('reactive/requires'))
      .map(({ code, parts }) => [code, parts.get('Severity')]);
    assert.deepEqual(Object.fromEntries(documented), REQUIRES_FINDINGS);
  });

  it('PROVIDES_FINDINGS and the page have the same codes with the same severities', () => {
    const documented = sections()
      .filter(({ parts }) => parts.get('Side')?.split(', ').includes('reactive/provides'))
      .map(({ code, parts }) => [code, parts.get('Severity')]);
    assert.deepEqual(Object.fromEntries(documented), PROVIDES_FINDINGS);
  });

  it('EXAMINE_FINDINGS and the page have the same codes with the same severities', () => {
    const documented = sections()
      .filter(({ parts }) => parts.get('Side')?.split(', ').includes('examine'))
      .map(({ code, parts }) => [code, parts.get('Severity')]);
    assert.deepEqual(Object.fromEntries(documented), EXAMINE_FINDINGS);
  });

  it('the findings of the sides about trust and the page have the same codes with the same severities', () => {
    for (
      const [side, table] of [['trust/requires', TRUST_REQUIRES_FINDINGS], [
        'trust/provides',
        TRUST_PROVIDES_FINDINGS,
      ]] as const
    ) {
      const documented = sections()
        .filter(({ parts }) => parts.get('Side')?.split(', ').includes(side))
        .map(({ code, parts }) => [code, parts.get('Severity')]);
      assert.deepEqual(Object.fromEntries(documented), table);
    }
  });

  it('the findings of the CSR sides and the page have the same codes with the same severities', () => {
    for (
      const [side, table] of [['csr/requires', CSR_REQUIRES_FINDINGS], ['csr/provides', CSR_PROVIDES_FINDINGS]] as const
    ) {
      const documented = sections()
        .filter(({ parts }) => parts.get('Side')?.split(', ').includes(side))
        .map(({ code, parts }) => [code, parts.get('Severity')]);
      assert.deepEqual(Object.fromEntries(documented), table);
    }
  });

  it('the findings of the sides of both protocols are those of the two, and the page has the others', () => {
    const tables = { requires: ANY_REQUIRES_FINDINGS, provides: ANY_PROVIDES_FINDINGS };
    for (const [role, table] of Object.entries(tables)) {
      const documented = sections()
        .filter(({ parts }) =>
          parts.get('Side')?.split(', ').some((side) => /^(?:reactive|csr|any)\//.test(side) && side.endsWith(role))
        )
        .map(({ code, parts }) => [code, parts.get('Severity')]);
      assert.deepEqual(Object.fromEntries(documented), table);
    }
  });

  it('BRIDGE_FINDINGS and the page have the same codes with the same severities', () => {
    const documented = sections()
      .filter(({ parts }) => parts.get('Side')?.split(', ').includes('bridge'))
      .map(({ code, parts }) => [code, parts.get('Severity')]);
    assert.deepEqual(Object.fromEntries(documented), BRIDGE_FINDINGS);
  });

  it('HOOK_FINDINGS and the page have the same codes with the same severities', () => {
    const documented = sections()
      .filter(({ parts }) => parts.get('Side')?.split(', ').includes('hook'))
      .map(({ code, parts }) => [code, parts.get('Severity')]);
    assert.deepEqual(Object.fromEntries(documented), HOOK_FINDINGS);
  });

  it('every code has one section, with all parts in their order', () => {
    const all = sections();
    assert.equal(new Set(all.map(({ code }) => code)).size, all.length);
    for (const { code, parts } of all) {
      assert.deepEqual([...parts.keys()], PARTS, code);
      assert.deepEqual([...parts].filter(([, content]) => content === ''), [], code);
    }
  });

  for (const [code, world] of Object.entries(PROVIDER_WORLDS)) {
    it(`provides finds ${code} and tells none of its content`, () => {
      assert.match(JSON.stringify(world), new RegExp(MARKER));
      const { findings } = decideInput(decodedProvides({
        side: 'reactive/provides',
        snapshot: {
          localUnit: 'easyrsa/0',
          endpoint: 'certificates',
          relations: [{ id: 'certificates:3', ...world.relation }],
        },
        intent: world.intent,
      }));
      const found = findings.filter((finding) => finding.code === code);
      assert.equal(found.length, PROVIDER_TIMES[code] ?? 1);
      assert.deepEqual(found.map(({ severity }) => severity), found.map(() => Reflect.get(PROVIDES_FINDINGS, code)));
      assert.doesNotMatch(JSON.stringify(findings), new RegExp(MARKER));
    });
  }

  for (const [code, world] of Object.entries(WORLDS)) {
    it(`decideInput() finds ${code} and tells none of its content`, () => {
      assert.match(JSON.stringify(world), new RegExp(MARKER));
      const { findings } = decideInput(input(world));
      const found = findings.filter((finding) => finding.code === code);
      assert.equal(found.length, TIMES[code] ?? 1);
      assert.deepEqual(found.map(({ severity }) => severity), found.map(() => Reflect.get(REQUIRES_FINDINGS, code)));
      assert.doesNotMatch(JSON.stringify(findings), new RegExp(MARKER));
    });
  }
});
