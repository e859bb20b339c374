/**
 * `tls-certificates demo`: a whole conversation between an application that asks for certificates and one that issues them, told hook
 * by hook. Nothing is installed, nothing leaves the program, and nothing is written unless a folder is named.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { SideName } from '../../../core/csr/decide.ts';
import type { Flag } from '../../../core/model/flag.ts';
import type { HostError, Problem } from '../../host.ts';
import type { HookRecord } from '../../memory/run.ts';
import { counted } from '../../../core/model/shape.ts';
import { wrapped } from '../../text/table.ts';
import type { Page } from '../terminal.ts';
import { csrStoryOf } from './csr-story.ts';
import { documentsOf, makeFolder, writeDocuments } from './documents.ts';
import { Glossary, hookLines, isEventful } from './narrate.ts';
import { noProgress, type Progress } from './progress.ts';
import { ANSWERING, ASKING, type Chapter, type Story, storyOf } from './story.ts';

/**
 * The protocols that there is a story of.
 *
 * @internal
 */
export const PROTOCOLS = ['reactive', 'csr'] as const;

/** What is to be shown. */
export interface DemoOptions {
  readonly protocol: (typeof PROTOCOLS)[number];
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

const linesOf = (lines: ReadonlyArray<string>): string => `${lines.join('\n')}\n`;

const paragraph = ({ width }: Page, text: string): ReadonlyArray<string> => wrapped(text, Math.min(width, 100));

/** Which side a hook's unit is on, and by which endpoint. */
const endpointOf = (
  { hook }: HookRecord,
  { asking, answering }: Story['sides'],
): { readonly side: SideName; readonly endpoint: string } =>
  hook.unit.startsWith('web/') ? { side: asking, endpoint: ASKING } : { side: answering, endpoint: ANSWERING };

/** What is told of a hook. */
interface Told {
  readonly record: HookRecord;
  readonly handled: ReadonlyArray<Flag>;
  readonly said: ReadonlyArray<string>;
  readonly endpoint: string;
}

/** What was told of a chapter's hooks. */
class Telling {
  readonly #glossary = new Glossary();
  readonly #isLong: boolean;
  readonly #told: Array<Told> = [];

  constructor(isLong: boolean) {
    this.#isLong = isLong;
  }

  note(sides: Story['sides'], record: HookRecord, handled: ReadonlyArray<Flag>, said: ReadonlyArray<string>): void {
    const { side, endpoint } = endpointOf(record, sides);
    this.#told.push({ record, handled, said, endpoint });
    this.#glossary.meet(side, endpoint, record, handled);
  }

  chapter(page: Page, number: number, { title, tells }: Chapter): ReadonlyArray<string> {
    const { paint } = page;
    const told = this.#told.splice(0);
    const eventful = told.filter(({ record, handled, said }) => isEventful(record, handled) || said.length > 0);
    const quiet = told.length - eventful.length;
    return [
      '',
      paint('bold', `${number}. ${title}`),
      ...paragraph(page, tells),
      '',
      ...(this.#isLong
        ? [`  ${counted(told.length, 'hook')} ran, ${eventful.length} of them with something to do`]
        : eventful.flatMap(({ record, handled, said, endpoint }) => hookLines(page, record, handled, endpoint, said))),
      ...(quiet > 0 && !this.#isLong ? [paint('dim', `  and ${counted(quiet, 'hook')} with nothing to do`)] : []),
      ...this.#glossary.lines(page),
    ];
  }
}

const beginning = (page: Page, { protocol, units, requests, seed }: DemoOptions): ReadonlyArray<string> => [
  ...paragraph(
    page,
    `Juju's tls-certificates relation between two applications on a model in memory: ${
      counted(units, 'unit')
    } of web ` +
      `${units === 1 ? 'asks' : 'ask'} for ${counted(requests, 'certificate')}${
        units === 1 ? '' : ' each'
      }, and ca, a small ` +
      `certificate authority, answers. They speak ${
        protocol === 'csr'
          ? 'interface version 1, by certificate requests, as charms on the library charmlibs do.'
          : 'the reactive protocol; --protocol csr shows the one of today.'
      }`,
  ),
  ...paragraph(
    page,
    'Juju starts a hook of a unit when something concerns it. Below stands what each hook wrote into the databag that the other side ' +
      'reads, which flags it set for its charm, and which changes the charm handled, as by installing what is new. A flag has the ' +
      `endpoint's name and a dot before it, which are left out here. The order of the hooks follows from --seed ${seed}.`,
  ),
];

const sayOut = (out: string, first: string): ReadonlyArray<string> => [
  '',
  `What the units saw is in ${out}. Try:`,
  `  tls-certificates plan ${out}/${first}-asking.json`,
  `  tls-certificates inspect ${out}/ca_0-answered.json`,
  `  tls-certificates apply ${out}/${first}-asking.json`,
];

/** What the charms of the story throw is a fault of this program: its cause is for whoever mends it, and may quote keys. */
const broken = (): HostError => ({
  _tag: 'HostError',
  reason: 'failed',
  message: 'the demonstration failed: its own certificate authority could not do its work in this runtime',
});

const tell = (
  { print, progress, page }: Stage,
  telling: Telling,
  number: number,
  { chapters }: Story,
  chapter: Chapter,
) =>
  pipe(
    TE.tryCatch(async () => {
      progress.begin(chapter.title, number, chapters.length);
      try {
        await chapter.happen();
      } finally {
        progress.end();
      }
    }, broken),
    TE.chain(() => print(linesOf(telling.chapter(page, number, chapter)))),
  );

/** Shows a whole conversation; says at the end whether the inspection found an error. */
export const demo = (
  stage: Stage,
  options: DemoOptions,
): TE.TaskEither<Problem, { readonly text: string; readonly foundError: boolean }> => {
  const { page, print, progress } = stage;
  const { protocol, units, requests, seed, out } = options;
  const isLong = units * requests > MANY;
  const telling = new Telling(isLong);
  const shownProgress = isLong ? progress : noProgress;
  const story: Story = (protocol === 'csr' ? csrStoryOf : storyOf)({
    units,
    requests,
    seed,
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    onHook: (record, handled, said) => {
      telling.note(story.sides, record, handled, said);
      shownProgress.hook();
    },
    onProgress: shownProgress.requests,
  });
  const documents = () => [...documentsOf('asking', story.firstSeen), ...documentsOf('answered', story.lastSeen)];
  return pipe(
    out === null ? TE.right(undefined) : makeFolder(out),
    TE.chain(() => print(linesOf(beginning(page, options)))),
    TE.chain(() =>
      pipe(
        story.chapters,
        TE.traverseSeqArrayWithIndex((i, chapter) =>
          tell({ ...stage, progress: shownProgress }, telling, i + 1, story, chapter)
        ),
      )
    ),
    TE.tap(() => (out === null ? TE.right(undefined) : writeDocuments(out, documents()))),
    TE.chainTaskK(() => () => story.ending(page)),
    TE.map(({ lines, foundError }) => ({
      text: linesOf([...lines, ...(out === null ? [] : sayOut(out, 'web_0'))]),
      foundError,
    })),
  );
};
