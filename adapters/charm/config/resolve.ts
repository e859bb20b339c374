/**
 * Resolving: a requirer's configuration with its placeholders filled in, ready for requests and installation.
 *
 * Pure and total. Either everything can be filled in or nothing is asked for: with half of the requests, the provider would issue
 * certificates for names that change with the next hook.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { checkServerName, checkSubjectName } from '../../../core/model/name-flaws.ts';
import { PASSED } from '../../../core/model/passed.ts';
import { MAX_COMMON_NAME } from '../../../core/model/same-names.ts';
import type { InputIssue } from '../../../core/model/input-error.ts';
import type { Request } from '../../../core/reactive/requires/intent.ts';
import { CONTENTS, type FileContent, type Installation, type WantedCertificate } from '../../install/entry.ts';
import type { Templates } from './configuration.ts';
import { type InstallTemplate, keyModeOf } from './install.ts';
import { type Facts, fillMany, fillOne, optionsIn, type Template, type Unfilled, unfitName } from './placeholder.ts';
import type { RequestTemplate } from './request.ts';
import { type Origin, placed } from './source.ts';

/** What a requirer asks for, and what it installs from the answers. */
export interface Resolved {
  readonly requests: ReadonlyArray<Request>;
  readonly installs: ReadonlyArray<Installation>;
}

/** Why a configuration cannot be resolved on this unit now. It holds no values. */
export interface Unresolved {
  readonly _tag: 'Unresolved';
  /** `wait` if time will solve all of it, `act` if a person must change an option or the configuration. */
  readonly remedy: 'wait' | 'act';
  /** The issues, each with its path. */
  readonly issues: ReadonlyArray<InputIssue>;
  /** All issues, one line each, with file, line and path. */
  readonly message: string;
}

/** Something that cannot be filled in, and where. */
interface Issue extends InputIssue {
  readonly remedy: Unfilled['remedy'];
}

/** Fills in templates, and collects what cannot be filled in. */
class Filling {
  readonly issues: Array<Issue> = [];
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  complain(path: string, { remedy, message }: Unfilled): void {
    this.issues.push({ path, remedy, message });
  }

  /** Complains about a common name, only once even if many requests take it from the same options. */
  unfit(path: string, template: Template, flaw: string, rule: string): void {
    const unfilled = unfitName(template, this.#facts, flaw, rule);
    if (!this.issues.some(({ message }) => message === unfilled.message)) this.complain(path, unfilled);
  }

  one(path: string, template: Template): string {
    const filled = fillOne(template, this.#facts);
    if (E.isRight(filled)) return filled.right;
    this.complain(path, filled.left);
    return '';
  }

  /** A name that several entries produce appears only once, at its first place. */
  many(path: string, templates: ReadonlyArray<Template>): ReadonlyArray<string> {
    const filled = templates.flatMap((template, index) => {
      const values = fillMany(template, this.#facts);
      if (E.isRight(values)) return values.right;
      this.complain(`${path}[${index}]`, values.left);
      return [];
    });
    return [...new Set(filled)];
  }
}

/** What identifies a request. */
const idOf = ({ certType, commonName }: Omit<WantedCertificate, 'sans'>): string => `${certType} ${commonName}`;

/** The rule for a server's common name; the rest is in the alternative names. */
const SERVER_RULE = 'a server is asked for by one host name or address; give that alone';
const ANY_RULE =
  `a common name has 1 to ${MAX_COMMON_NAME} characters; a longer host name has to be among the SANs too`;

/**
 * Complains about texts that cannot be a common name. It does so at once, since a request with one would be refused, or answered with an
 * unusable certificate, and the unit would wait for ever. The text of a charm's author may have a slash, as `{unit}` has.
 */
const checkCommonName = (
  filling: Filling,
  path: string,
  { certType, commonName: template }: RequestTemplate,
  { commonName, sans }: Pick<Request, 'commonName' | 'sans'>,
): void => {
  const isServer = certType === 'server' || certType === 'application';
  // That it is too long is reported below.
  const ofServer = isServer ? checkServerName(commonName, [commonName]) : PASSED;
  const isMeant = /^[^:,\s]*\/[^:,\s]*$/.test(commonName) && optionsIn(template).length === 0;
  if (E.isLeft(ofServer) && !isMeant) return filling.unfit(path, template, ofServer.left, SERVER_RULE);
  const ofAny = checkSubjectName(commonName, sans);
  if (E.isLeft(ofAny)) filling.unfit(path, template, ofAny.left, ANY_RULE);
};

const requestOf = (filling: Filling, path: string, template: RequestTemplate): Request => {
  const before = filling.issues.length;
  const common = {
    commonName: filling.one(`${path}.commonName`, template.commonName),
    sans: filling.many(`${path}.sans`, template.sans),
  };
  if (filling.issues.length === before) checkCommonName(filling, `${path}.commonName`, template, common);
  if (template.certType !== 'server') return { certType: template.certType, ...common };
  const name = template.certificateName;
  const named = name === undefined ? {} : { certificateName: filling.one(`${path}.certificateName`, name) };
  return { certType: 'server', ...common, ...named };
};

const filesOf = (entry: InstallTemplate): Installation['files'] =>
  Object.fromEntries(
    CONTENTS.flatMap((content: FileContent) => {
      const path = entry[content];
      return path === undefined ? [] : [[content, path]];
    }),
  );

/** The requests that could be filled in, by what identifies them, and whether that is all of them. */
interface Asked {
  readonly requests: ReadonlyMap<string, Request>;
  readonly isWhole: boolean;
}

const wantedOf = (
  filling: Filling,
  path: string,
  { certType, commonName: template }: InstallTemplate,
  { requests, isWhole }: Asked,
): WantedCertificate | null => {
  if (certType === undefined || template === undefined) return null;
  const before = filling.issues.length;
  const commonName = filling.one(path, template);
  const request = requests.get(idOf({ certType, commonName }));
  // If a request could not be filled in, it may be the one.
  if (request === undefined && isWhole && filling.issues.length === before) {
    const message = `no request asks for this ${certType} certificate: what is installed has to be asked for`;
    filling.complain(path, { remedy: 'act', message });
  }
  return { certType, commonName, sans: request?.sans ?? [] };
};

const installationOf = (
  filling: Filling,
  index: number,
  entry: InstallTemplate,
  asked: Asked,
): Installation => {
  const name = `install[${index}]`;
  const wanted = wantedOf(filling, `${name}.commonName`, entry, asked);
  return {
    name,
    wanted,
    files: filesOf(entry),
    trustStore: entry.trustStore,
    owner: entry.owner ?? null,
    group: entry.group ?? null,
    keyMode: keyModeOf(entry),
    makeFolders: entry.makeFolders,
    run: entry.run ?? null,
    timeout: entry.timeout,
  };
};

/** A cause is reported where it first shows: one unset option may be used in many places. */
const toldOnce = <Issue extends { readonly message: string }>(issues: ReadonlyArray<Issue>): ReadonlyArray<Issue> =>
  [
    ...new Map([...issues].reverse().map((issue) => [issue.message, issue])).values(),
  ].reverse();

/**
 * Fills in a requirer's configuration. `Left` says what has no value, or several values where one is required, and whether to wait or to
 * act.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import type { UnitName } from '../../../core/model/names.ts';
 * import { isRequirer, readConfiguration } from './configuration.ts';
 * import { resolve } from './resolve.ts';
 * const text = 'endpoint: certificates\nrequests:\n- { certType: client, commonName: "{unit}" }\n';
 * const read = await readConfiguration('tls-certificates.yaml', new TextEncoder().encode(text))();
 * const resolved = read._tag === 'Right' && isRequirer(read.right) && resolve(read.right, { unit: 'web/0' as UnitName });
 * assert.ok(resolved && resolved._tag === 'Right' && resolved.right.requests[0]?.commonName === 'web/0');
 * ```
 */
export const resolve = (
  { configuration, origin }: { readonly configuration: Templates; readonly origin: Origin },
  facts: Facts,
): E.Either<Unresolved, Resolved> => {
  const filling = new Filling(facts);
  const requests = new Map<string, Request>();
  for (const [index, template] of configuration.requests.entries()) {
    const path = `requests[${index}]`;
    const before = filling.issues.length;
    const request = requestOf(filling, path, template);
    if (filling.issues.length > before) continue;
    if (requests.has(idOf(request))) {
      const message = `asks once more for the ${request.certType} certificate that another request asks for`;
      filling.complain(`${path}.commonName`, { remedy: 'act', message });
    }
    requests.set(idOf(request), request);
  }
  const asked = { requests, isWhole: filling.issues.length === 0 };
  const installs = configuration.install.map((entry, index) => installationOf(filling, index, entry, asked));
  const { issues } = filling;
  if (issues.length === 0) return E.right({ requests: [...requests.values()], installs });
  return E.left({
    _tag: 'Unresolved',
    remedy: issues.some(({ remedy }) => remedy === 'act') ? 'act' : 'wait',
    issues: issues.map(({ path, message }) => ({ path, message })),
    message: placed(origin, toldOnce(issues)).message,
  });
};
