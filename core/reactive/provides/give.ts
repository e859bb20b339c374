/**
 * Publishes what the charm wants: answers and refusals, each only for an existing request.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { hidingKeys, type KeyPair } from '../../model/certificate.ts';
import type { Finding } from '../../model/finding.ts';
import { finding } from './findings.ts';
import type { Answer, ProvidesIntent, Refusal } from './intent.ts';
import { type Answered, answeredBy, type Gift, give, type Provided } from './relation.ts';

/** What an answer answers, as one text. */
const addressOf = ({ relationId, unit, certType, commonName }: Omit<Answer, keyof KeyPair>): string =>
  JSON.stringify([relationId, unit, certType, commonName]);

/** A complete answer; half of one counts as none. With neither half, it removes what is published. */
const wholeAnswer = (answer: Answer): E.Either<Finding, Answer> => {
  const { relationId, unit, commonName, cert, key } = answer;
  if ((cert === '') === (key === '')) return E.right(answer);
  const message = `the answer has no ${cert === '' ? 'certificate' : 'key'}: it is not published`;
  return E.left(finding('incomplete-answer', { relationId, unit, commonName }, message));
};

/** The charm's reason for refusing requests, with any private key hidden. */
const refused = ({ relationId, unit, commonName, reason }: Refusal): Finding =>
  finding('request-refused', { relationId, unit, commonName }, `the request is refused: ${hidingKeys(reason)}`);

/** The relations with their answers, the answered requests, and findings: refusals, incomplete answers, and either of them where nobody asks. */
export interface GivenAnswers {
  readonly relations: ReadonlyArray<Provided>;
  readonly answered: Answered;
  readonly findings: ReadonlyArray<Finding>;
}

/** The answers to the requests of a relation; `answerFor` returns the one for an address. */
const giftsOn = (
  { relation, requirers }: Provided,
  answerFor: (address: string) => Answer | undefined,
): ReadonlyArray<Gift> => {
  const gifts = requirers.units.flatMap((requirer) =>
    requirer.requests.flatMap((request): ReadonlyArray<Gift> => {
      const pair = answerFor(addressOf({ ...request, relationId: relation.id, unit: requirer.unit }));
      return pair === undefined ? [] : [{ requirer, request, pair }];
    })
  );
  const isForAll = ({ request: { slot } }: Gift): boolean => slot === 'application';
  // One answer serves all units of an application: if there are several, the last is published, once.
  return [...gifts.filter((gift) => !isForAll(gift)), ...gifts.filter(isForAll).slice(-1)];
};

/** Gives each request its answer. */
export const giveAnswers = (
  relations: ReadonlyArray<Provided>,
  { answers, refusals }: ProvidesIntent,
): GivenAnswers => {
  if (answers.length + refusals.length === 0) return { relations, answered: new Set(), findings: [] };
  const read = answers.map(wholeAnswer);
  const waiting = new Map(read.filter(E.isRight).map(({ right: answer }) => [addressOf(answer), answer]));
  // An answer outranks a refusal of the same request.
  const refusing = new Map(
    refusals.map((refusal) => [addressOf(refusal), refusal] as const).filter(([address]) => !waiting.has(address)),
  );
  const asked = new Set<string>();
  const gifts = relations.map((provided) =>
    giftsOn(provided, (address) => {
      asked.add(address);
      return waiting.get(address);
    })
  );
  const findings = [
    ...read.filter(E.isLeft).map(({ left }) => left),
    ...[...refusing].filter(([address]) => asked.has(address)).map(([, refusal]) => refused(refusal)),
    ...[...waiting, ...refusing].filter(([address]) => !asked.has(address)).map(([, unasked]) => {
      const { relationId, unit, commonName } = unasked;
      const message = `nobody asks for this: ${
        'cert' in unasked ? 'the answer is not published' : 'there is nothing to refuse'
      }`;
      return finding('unasked-answer', { relationId, unit, commonName }, message);
    }),
  ];
  return {
    relations: relations.map((provided, i) => give(provided, gifts[i] ?? [])),
    answered: new Set(
      relations.flatMap((provided, i) => (gifts[i] ?? []).flatMap((gift) => answeredBy(provided, gift))),
    ),
    findings,
  };
};
