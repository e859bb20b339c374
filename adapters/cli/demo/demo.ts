/**
 * `tls-certificates demo`: a whole conversation between an application that asks for certificates and one that issues them, told hook
 * by hook. Nothing is installed, nothing leaves the program, and nothing is written unless a folder is named.
 *
 * @module
 */
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { SideName } from '../../../core/decide.ts';
import { allFindings, examine } from '../../../core/examine/examine.ts';
import { exchangesOfRequirer } from '../../../core/examine/exchange.ts';
import type { Flag } from '../../../core/model/flag.ts';
import type { Problem } from '../../host.ts';
import type { HookRecord } from '../../memory/run.ts';
import { inspectionLines } from '../inspection.ts';
import { wrapped } from '../table.ts';
import type { Page } from '../terminal.ts';
import { checkFolder, documentsOf, writeDocuments } from './documents.ts';
import { Glossary, hookLines, isEventful } from './narrate.ts';
import type { Progress } from './progress.ts';
import { ANSWERING, ASKING, type Chapter, type Story, storyOf } from './story.ts';

/** What is to be shown. */
export interface DemoOptions {
  readonly units: number;
  readonly requests: number;
  readonly seed: number;
  /** Where documents go; null for nowhere. */
  readonly out: string | null;
}

/** Where it is shown. */
export interface Stage {
  readonly page: Page;
  /** Writes text to its last byte. */
  readonly print: (text: string) => TE.TaskEither<Problem, void>;
  readonly progress: Progress;
}

/** Requests in all above which hooks are counted and not told. */
const MANY = 40;

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const paragraph = ({ width }: Page, text: string): ReadonlyArray<string> => wrapped(text, Math.min(width, 100));

/** Which side a hook's unit is on, and by which endpoint. */
const endpointOf = ({ hook }: HookRecord): { readonly side: SideName; readonly endpoint: string } =>
  hook.unit.startsWith('web/')
    ? { side: 'reactive/requires', endpoint: ASKING }
    : { side: 'reactive/provides', endpoint: ANSWERING };

/** What was told of a chapter's hooks. */
class Telling {
  readonly #page: Page;
  readonly #glossary = new Glossary();
  readonly #isLong: boolean;
  readonly #told: Array<readonly [HookRecord, ReadonlyArray<Flag>]> = [];

  constructor(page: Page, isLong: boolean) {
    this.#page = page;
    this.#isLong = isLong;
  }

  note(record: HookRecord, handled: ReadonlyArray<Flag>): void {
    const { side, endpoint } = endpointOf(record);
    this.#told.push([record, handled]);
    this.#glossary.meet(side, endpoint, record, handled);
  }

  chapter(number: number, { title, tells }: Chapter): ReadonlyArray<string> {
    const { paint } = this.#page;
    const told = this.#told.splice(0);
    const eventful = told.filter(([record, handled]) => isEventful(record, handled));
    const quiet = told.length - eventful.length;
    return [
      '',
      paint('bold', `${number}. ${title}`),
      ...paragraph(this.#page, tells),
      '',
      ...(this.#isLong
        ? [`  ${counted(told.length, 'hook')} ran, ${eventful.length} of them with something to do`]
        : eventful.flatMap(([record, handled]) => hookLines(this.#page, record, handled, endpointOf(record).endpoint))),
      ...(quiet > 0 && !this.#isLong ? [paint('dim', `  and ${counted(quiet, 'hook')} with nothing to do`)] : []),
      ...this.#glossary.lines(this.#page),
    ];
  }
}

const beginning = (page: Page, { units, requests, seed }: DemoOptions): ReadonlyArray<string> => [
  ...paragraph(
    page,
    `Juju's tls-certificates relation between two applications on a model in memory: ${
      counted(units, 'unit')
    } of web ` +
      `${units === 1 ? 'asks' : 'ask'} for ${
        counted(requests, 'certificate')
      } each, and ca, a small certificate authority, answers. ` +
      'Juju starts a hook of a unit when something concerns it; below stands what each hook wrote into the databag that the other side ' +
      `reads, which flags it set for its charm, and which changes the charm handled, as by installing what is new; a flag's name has the endpoint and a dot before it, which are left out here. The order of the hooks follows from --seed ${seed}.`,
  ),
];

const sayOut = (out: string, first: string): ReadonlyArray<string> => [
  '',
  `What the units saw is in ${out}. Try:`,
  `  tls-certificates plan ${out}/${first}-asking.json`,
  `  tls-certificates inspect ${out}/ca_0-answered.json`,
  `  tls-certificates apply ${out}/${first}-asking.json`,
];

/** Units whose certificates are shown at the end. */
const SHOWN = 3;

const ending = async (
  page: Page,
  { model, lastSeen }: Story,
): Promise<{ readonly lines: ReadonlyArray<string>; readonly foundError: boolean }> => {
  const asking = [...lastSeen].filter(([unit]) => unit.startsWith('web/')).sort(([a], [b]) => (a < b ? -1 : 1));
  const exchanges = asking.flatMap(([, { snapshot }]) => exchangesOfRequirer(snapshot).exchanges);
  const examinations = await examine({ exchanges: exchanges.slice(0, SHOWN), now: model.state().now })();
  const more = exchanges.length - SHOWN;
  return {
    lines: [
      '',
      page.paint('bold', 'What tls-certificates inspect says at the end'),
      ...inspectionLines(page, examinations),
      ...(more > 0 ? ['', `… and ${counted(more, 'unit')} more`] : []),
    ],
    foundError: allFindings(examinations).some(({ severity }) => severity === 'error'),
  };
};

/** Shows a whole conversation; says at the end whether the inspection found an error. */
export const demo = (
  { page, print, progress }: Stage,
  options: DemoOptions,
): TE.TaskEither<Problem, { readonly text: string; readonly foundError: boolean }> =>
async () => {
  const { units, requests, seed, out } = options;
  if (out !== null) {
    const usable = await checkFolder(out)();
    if (usable._tag === 'Left') return usable;
  }
  const telling = new Telling(page, units * requests > MANY);
  let hooks = 0;
  const story = storyOf({
    units,
    requests,
    seed,
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    onHook: (record, handled) => {
      telling.note(record, handled);
      hooks += 1;
      progress.hooks(hooks);
    },
    onProgress: progress.requests,
  });
  const begun = await print(`${beginning(page, options).join('\n')}\n`)();
  if (begun._tag === 'Left') return begun;
  for (const [i, chapter] of story.chapters.entries()) {
    progress.begin(chapter.title);
    await chapter.happen();
    progress.end();
    const told = await print(`${telling.chapter(i + 1, chapter).join('\n')}\n`)();
    if (told._tag === 'Left') return told;
  }
  const { lines, foundError } = await ending(page, story);
  if (out !== null) {
    const documents = [...documentsOf('asking', story.firstSeen), ...documentsOf('answered', story.lastSeen)];
    const kept = await writeDocuments(out, documents)();
    if (kept._tag === 'Left') return kept;
  }
  const said = out === null ? [] : sayOut(out, 'web_0');
  return { _tag: 'Right', right: { text: `${[...lines, ...said].join('\n')}\n`, foundError } };
};
