/**
 * The inspector page: it examines `juju show-unit` output, or an input document, in the browser. Nothing is sent anywhere.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { InputError } from '../../core/model/input-error.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Text } from '../reading/observed.ts';
import { VERSION } from '../version.ts';
import { el } from './element.ts';
import { listen } from './intake.ts';
import { read, type Reading } from './reading.ts';
import { type Report, reportOf } from './report.ts';
import { counted, foreign } from './words.ts';
import { newestOf } from './work.ts';

/** An element that the page must have. */
const part = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
};

const [intake, stage, complaint, status] = ['intake', 'stage', 'complaint', 'status'].map((id) =>
  part(id, HTMLElement)
) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
const area = part('area', HTMLTextAreaElement);
const files = part('files', HTMLInputElement);
const [choose, example, more, anew] = [
  part('choose', HTMLButtonElement),
  part('example', HTMLButtonElement),
  part('more', HTMLButtonElement),
  part('anew', HTMLButtonElement),
];

const timestamp = (moment: number): Timestamp => new Date(moment).toISOString() as Timestamp;

let reading: Reading | null = null;
let report: Report | null = null;
const reads = newestOf();
const judgements = newestOf();
const fills = newestOf();

const say = (sentence: string): void => void (status.textContent = sentence);

const complain = ({ issues }: InputError): void => {
  const lines = issues.map(({ path, message }) =>
    el('li', {}, path === '' ? null : el('code', {}, foreign(path, 300)), ' ', foreign(message, 400))
  );
  complaint.replaceChildren(el('h2', {}, 'This cannot be read'), el('ul', {}, ...lines));
  complaint.hidden = false;
  // On a phone it would be out of sight, and screen readers announce it at once.
  complaint.scrollIntoView({ block: 'nearest' });
};

const hidden = (isEmpty: boolean): void => {
  intake.hidden = !isEmpty;
  for (const button of [more, anew]) button.hidden = isEmpty;
};

const TITLE = document.title;

/** The title states the verdict, since a tab shows it. */
const entitle = (): void => {
  document.title = report === null ? TITLE : `${report.headline()} – ${TITLE}`;
};

/** Shows another moment at once, and judges at that moment when the slider comes to rest. */
const move = async (moment: number): Promise<void> => {
  const [shown, known] = [report, reading];
  if (shown === null || known === null) return;
  shown.move(moment);
  const examinations = await judgements((pause) => known.study.at(timestamp(moment), { pause })());
  if (examinations === null || report !== shown) return;
  shown.show(examinations);
  entitle();
  say(shown.sentence());
};

/** Whether the texts could be read, or were replaced by newer ones. */
const take = async (texts: ReadonlyArray<Text>): Promise<boolean> => {
  complaint.hidden = true;
  document.documentElement.classList.add('reading');
  say('Reading …');
  const clock = Date.now();
  const made = await reads(async (pause) => {
    const result = await read(reading, texts, timestamp(clock), pause)();
    if (E.isLeft(result)) return result;
    const now = result.right.now === null ? clock : Date.parse(result.right.now);
    return E.right({
      known: result.right,
      now,
      examinations: await result.right.study.at(timestamp(now), { pause })(),
    });
  });
  if (made === null) return true;
  document.documentElement.classList.remove('reading');
  if (E.isLeft(made)) {
    complain(made.left);
    say('This cannot be read.');
    return false;
  }
  const { known, now, examinations } = made.right;
  const next = reportOf(known, examinations, now, clock, (moment) => void move(moment));
  [reading, report] = [known, next];
  stage.replaceChildren(next.element);
  more.textContent = next.isOneSided ? 'Add the other side' : 'Add more';
  hidden(false);
  entitle();
  say(`${counted(known.texts.length, 'text')} read. ${next.sentence()}`);
  stage.querySelector('h1')?.focus();
  await fills((pause) => next.fill(pause));
  return true;
};

listen({ files, choosers: [choose, more], area }, take);

const shown = part('example-document', HTMLScriptElement);
const bytes = new TextEncoder().encode(shown.text);
// The example contains keys, though they belong to nothing; the page must show none.
shown.remove();
example.addEventListener('click', () => void take([{ name: 'the example', bytes }]));

anew.addEventListener('click', () => {
  [reading, report] = [null, null];
  stage.replaceChildren();
  complaint.hidden = true;
  hidden(true);
  entitle();
  say('');
  choose.focus();
});

part('version', HTMLElement).textContent = VERSION;
// Opened from disk, the page has no API next to it.
part('api', HTMLElement).hidden = !location.protocol.startsWith('http');
document.documentElement.classList.add('ready');
