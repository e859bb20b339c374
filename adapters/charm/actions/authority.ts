/**
 * The actions of a charm that is a CA: what each does to the stored CA, before the run that publishes it, and what it returns.
 *
 * A refusal changes nothing. If a tool fails, so does the hook, since Juju may have accepted what the tool was writing.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type AuthorityState, type Denial, publishedOf, type Replacement } from '../../../core/authority/mod.ts';
import type { CsrProvidesView } from '../../../core/csr/provides/view.ts';
import type { RelationId } from '../../../core/model/names.ts';
import { allowIn, type Ca, denyIn, importInto, requestFrom } from '../../authority/mod.ts';
import type { Problem } from '../../host.ts';
import type { Keeper } from '../../keeping/keeper.ts';
import type { Hook } from '../../juju/hook.ts';
import { isToolError } from '../../juju/tools.ts';
import type {
  CsrProviderParameters,
  DeniedCsrParameters,
  ImportParameters,
  OnRelation,
  ReactiveProviderParameters,
} from './declared.ts';
import { keyGiven, pemIn } from './given-pem.ts';
import { asciiJson, type Entry, listed } from './listed.ts';
import { type ActionAnswer, leaderOnly, type Requested, type Results } from './requested.ts';

/** An action of either provider. */
export type AuthorityAction = Requested<CsrProviderParameters> | Requested<ReactiveProviderParameters>;

/** What an action works on. */
export interface KeptCa {
  readonly hook: Hook;
  readonly endpoint: string;
  readonly keeper: Keeper;
  readonly ca: Ca;
  readonly overlapDays: number;
  readonly random: (length: number) => Uint8Array;
  /** The operator's number for the CA, if there is one. */
  readonly generation: number | null;
  /** The requests of the CSR side, in which fingerprints are looked up. */
  readonly view: CsrProvidesView;
  readonly issued: (on: OnRelation) => ReadonlyArray<Entry>;
  readonly outstanding: (on: OnRelation) => ReadonlyArray<Entry>;
}

/** The result of an action before the run. */
export type AuthorityWork =
  /** It is answered, and nothing is left to do. */
  | { readonly answered: ActionAnswer }
  /** The CA was changed, or what it issued will be; the run publishes that. */
  | { readonly changed: AuthorityAction['name'] };

/** Actions that only look at the CA; every unit of the application can run them. */
const EVERYWHERE: ReadonlySet<AuthorityAction['name']> = new Set(['get-ca-certificate', 'ca-request']);

/** Why a unit that does not lead refuses an action; null if it does not. `also` lists further actions that every unit can run. */
export const refusalOf = (
  hook: Hook,
  { name }: AuthorityAction,
  also: ReadonlyArray<AuthorityAction['name']> = [],
): string | null => {
  // Before Juju 3, no unit knows another unit's CA.
  const isShared = Number.parseInt(hook.environment.jujuVersion ?? '3', 10) >= 3;
  return (isShared && EVERYWHERE.has(name)) || also.includes(name) ? null : leaderOnly(hook, name);
};

const refused = (message: string): AuthorityWork => ({ answered: E.left(message) });
const answeredWith = (results: Results): AuthorityWork => ({ answered: E.right(results) });

/** An operation's own complaint is a refusal; a tool's complaint is a failure. */
const attempt = <A>(
  operation: TE.TaskEither<Problem, A>,
  then: (a: A) => AuthorityWork,
): TE.TaskEither<Problem, AuthorityWork> =>
  pipe(
    operation,
    TE.map(then),
    TE.orElse((problem): TE.TaskEither<Problem, AuthorityWork> =>
      isToolError(problem) ? TE.left(problem) : TE.right(refused(problem.message))
    ),
  );

/** A relation by its number. */
export const relationOf = (endpoint: string, { 'relation-id': number }: OnRelation): RelationId | null =>
  // Juju's name for it.
  number === undefined ? null : `${endpoint}:${number}` as RelationId;

const denialOf = (endpoint: string, parameters: DeniedCsrParameters): Denial => {
  const { 'common-name': commonName, fingerprint } = parameters;
  const relationId = relationOf(endpoint, parameters);
  return {
    ...(relationId === null ? {} : { relationId }),
    ...(commonName === undefined ? {} : { commonName }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
};

/** A replacement as results. */
const phaseOf = (replacement: Replacement | null): Results => {
  switch (replacement?.phase) {
    case undefined:
      return {};
    case 'steady':
      return { phase: 'steady' };
    case 'announced':
      return { phase: 'announced', 'signs-at': replacement.signsAt };
    case 'overlap':
      return { phase: 'overlap', 'ends-at': replacement.endsAt };
  }
};

const deniedIn = ({ denied }: AuthorityState): Results => ({ denied: asciiJson(denied) });

const imported = (
  { hook, keeper, overlapDays, random, generation }: KeptCa,
  { certificate, 'ca-chain': chain, 'private-key': given }: ImportParameters,
): TE.TaskEither<Problem, AuthorityWork> =>
  pipe(
    keyGiven(hook, given),
    TE.chainW((key): TE.TaskEither<Problem, AuthorityWork> =>
      E.isLeft(key) ? TE.right(refused(key.left)) : attempt(
        importInto(
          keeper,
          {
            certificate: pemIn(certificate),
            chain: pemIn(chain),
            ...(key.right === null ? {} : { key: key.right }),
            ...(generation === null ? {} : { generation }),
          },
          overlapDays,
          { now: hook.now, random },
        ),
        () => ({ changed: 'import-ca' }),
      )
    ),
  );

/** Does the part of an action that comes before the run. */
export const authorityWork = (on: KeptCa, action: AuthorityAction): TE.TaskEither<Problem, AuthorityWork> => {
  const { hook, endpoint, keeper, ca, view } = on;
  const changed = (): AuthorityWork => ({ changed: action.name });
  switch (action.name) {
    case 'get-ca-certificate':
      return pipe(
        keeper.load,
        TE.map((state) =>
          state === null
            ? refused('there is no CA yet: the leader makes it in its next hook, or its status says what it waits for')
            : answeredWith({ 'ca-certificate': state.certificate, trusted: publishedOf(state, hook.now).ca })
        ),
      );
    case 'ca-request':
      return attempt(requestFrom(keeper), (request) => answeredWith({ 'certificate-signing-request': request }));
    case 'get-issued-certificates':
      return TE.right(answeredWith(listed('certificates', on.issued(action.parameters))));
    case 'get-outstanding-certificate-requests':
      return TE.right(answeredWith(listed('result', on.outstanding(action.parameters))));
    case 'deny-certificate':
      return attempt(denyIn(keeper, denialOf(endpoint, action.parameters), view), changed);
    case 'allow-certificate':
      return attempt(allowIn(keeper, denialOf(endpoint, action.parameters)), changed);
    case 'replace-ca':
      return attempt(action.parameters.immediately ? ca.rotate(hook.now) : ca.replace(hook.now), changed);
    case 'abort-replacement':
      return attempt(ca.abort, changed);
    case 'import-ca':
      return imported(on, action.parameters);
    case 'revoke-all':
      return TE.right(changed());
  }
};

/** What an action returns after the run, from the CA as it is stored then. */
export const resultsAfter = (
  name: AuthorityAction['name'],
  state: AuthorityState | null,
  replacement: Replacement | null,
): Results => {
  if (state === null) return {};
  switch (name) {
    case 'deny-certificate':
    case 'allow-certificate':
      return deniedIn(state);
    default:
      return { 'ca-certificate': state.certificate, ...phaseOf(replacement) };
  }
};
