/**
 * The two sides of an exchange, and what passes between them.
 *
 * @module
 */
import type { Examination } from '../../core/examine/examination.ts';
import { evidenceWords, PROTOCOLS, spokenWords, waitingWords } from '../../core/examine/protocol-words.ts';
import { CERT_TYPES } from '../../core/model/certificate.ts';
import { type Child, drawing, el } from './element.ts';
import type { ShownBag, Sides } from './reading.ts';
import { counted, foreign } from './words.ts';

const bagDetails = ({ owner, isApplication, entries }: ShownBag): HTMLElement =>
  el(
    'details',
    { class: 'bag' },
    el(
      'summary',
      {},
      drawing('more'),
      `${counted(entries.length, 'key')} published by ${isApplication ? 'the application ' : ''}${foreign(owner, 80)}`,
    ),
    el(
      'dl',
      {},
      ...entries.flatMap(({ key, purpose, characters }) => [
        el('dt', {}, el('code', {}, foreign(key, 120))),
        el('dd', {}, `${purpose ?? 'not of this protocol'} (${counted(characters, 'character')})`),
      ]),
    ),
  );

const side = (
  role: string,
  names: ReadonlyArray<string>,
  does: ReadonlyArray<string>,
  bags: ReadonlyArray<ShownBag>,
): HTMLElement =>
  el(
    'div',
    { class: 'side' },
    el('p', { class: 'role' }, role),
    ...names.map((name) => el('p', { class: 'unit' }, el('bdi', {}, foreign(name, 80)))),
    ...does.map((sentence) => el('p', { class: 'does' }, sentence)),
    ...bags.map(bagDetails),
  );

const flow = (direction: 'right' | 'left', label: string, isThere: boolean): HTMLElement =>
  el(
    'div',
    { class: `flow ${direction}${isThere ? '' : ' nothing'}` },
    el('span', { class: 'label' }, label),
    el('span', { class: 'arrow', attributes: { 'aria-hidden': 'true' } }, drawing(direction)),
  );

/** A list in words: `a, b and c`. */
const listed = (words: ReadonlyArray<string>): string =>
  [words.slice(0, -1).join(', '), words.at(-1) ?? ''].filter((part) => part !== '').join(' and ');

const kindsAsked = ({ requests }: Examination): string => {
  const asked = requests.filter(({ sans }) => sans !== null);
  const kinds = CERT_TYPES.flatMap((certType) => {
    const n = asked.filter((request) => request.certType === certType).length;
    return n === 0 ? [] : [`${n.toLocaleString('en')} ${certType}`];
  });
  const noun = asked.length === 1 ? 'certificate' : 'certificates';
  return kinds.length === 0 ? 'requests nothing' : `requests ${listed(kinds)} ${noun}`;
};

/** What is known about a requirer whose databag was not seen. */
const unseenWords = ({ protocol, requests }: Examination): string =>
  protocol === 'csr' && requests.length > 0
    ? 'Its requests are known from the answers. To see who made them, and those without an answer, add the output for a provider unit.'
    : 'Not known what it requested: add the output for a provider unit.';

/** Which protocol is spoken, and the evidence for it. */
const protocolWords = ({ protocol, evidence }: Examination): ReadonlyArray<string> =>
  protocol === 'unknown' ? [foreign(spokenWords(protocol, evidence) ?? '', 400)].filter((words) => words !== '') : [
    `${PROTOCOLS[protocol]} protocol${
      evidence.length === 0 ? '' : `: ${foreign(evidenceWords(evidence).join('; '), 300)}`
    }`,
  ];

/** Both sides, with an arrow in each direction. */
export const sidesFigure = (examination: Examination, { asked, published }: Sides): HTMLElement => {
  const { requirer, providers, requests, ca, chain, askedSeen } = examination;
  const wanted = requests.filter(({ sans }) => sans !== null).length;
  const answered = requests.filter(({ state }) => state === 'answered').length;
  const given = [
    ...(ca.length === 0 ? [] : ['the CA']),
    ...(chain.length === 0 ? [] : ['a chain']),
    ...(answered === 0 ? [] : [counted(answered, 'certificate')]),
  ];
  const denied = requests.filter(({ state }) => state === 'denied').length;
  const does = [
    ...(given.length === 0 ? [] : [`publishes ${listed(given)}`]),
    ...(denied === 0 ? [] : [`refuses ${counted(denied, 'request')}`]),
  ];
  const figure: ReadonlyArray<Child> = [
    side(
      'Requirer',
      [examination.asker === 'application' && askedSeen ? `${requirer} (application)` : requirer],
      [
        ...(askedSeen ? [kindsAsked(examination)] : [unseenWords(examination)]),
        ...protocolWords(examination),
        ...(examination.waitingSince === null ? [] : [waitingWords(examination.waitingSince, null)]),
      ],
      asked === null ? [] : [asked],
    ),
    el(
      'div',
      { class: 'flows' },
      flow('right', askedSeen ? counted(wanted, 'request') : 'not seen', wanted > 0),
      flow(
        'left',
        published === null
          ? 'not seen'
          : listed([...given, ...(denied === 0 ? [] : [counted(denied, 'refusal')])]) || 'nothing yet',
        does.length > 0,
      ),
    ),
    side(
      'Provider',
      providers.length === 0 ? ['not seen'] : providers,
      published === null
        ? ['Not known what it published: add the output for a requirer unit.']
        : does.length === 0
        ? ['has published nothing for it']
        : does,
      published ?? [],
    ),
  ];
  return el('div', { class: 'sides' }, ...figure);
};
