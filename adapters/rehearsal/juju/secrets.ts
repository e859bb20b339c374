/**
 * The hook tools for secrets.
 *
 * Source: docs/hook-environment.md section 2.11, and the output of the real tools (`test/juju/probes`).
 *
 * @module
 */
import { failed, type Parsed, usage } from './arguments.ts';
import type { DraftSecret, HookContext } from './context.ts';
import { NOTHING, relationIn, type Tool } from './given.ts';
import type { StoredSecret } from './model.ts';
import { checkAttributes, contentIn, expiryIn, quoted } from './secret-content.ts';

/** The secrets that the unit may read, including those of its application. Secrets that the hook has removed are gone. */
const readable = ({ unit, removedSecrets }: HookContext): ReadonlyArray<StoredSecret> =>
  unit.secrets.filter(({ id, owner, madeBy }) =>
    (owner === 'application' || madeBy === unit.name) &&
    !removedSecrets.some((gone) => gone.id === id && gone.revision === null)
  );

/** The id of a secret, from any of its forms. */
const idIn = (word: string): string => {
  const [, id] = /^(?:secret:)?(?:\/\/[^/]*\/)?([0-9a-v]{20})$/.exec(word) ?? [];
  if (id === undefined) throw usage(`secret URI ${quoted(word)} not valid`);
  return id;
};

interface Found {
  readonly id: string;
  readonly stored: StoredSecret | undefined;
  readonly draft: DraftSecret | undefined;
}

const find = (context: HookContext, is: (secret: { readonly id: string; readonly label: string }) => boolean) => {
  const [stored, draft] = [readable(context).find(is), [...context.secrets.values()].find(is)];
  return stored === undefined && draft === undefined ? null : { stored, draft, id: stored?.id ?? draft?.id ?? '' };
};

/** Finds a secret by its id, or else by its label. */
const secretIn = (
  context: HookContext,
  { flags, words: [word] }: Parsed,
  noLabel: (label: string) => string,
): Found => {
  const label = flags.get('label');
  if (word === undefined && label === undefined) throw usage('require either a secret URI or label');
  const id = word === undefined ? null : idIn(word);
  const found = find(context, (secret) => (id === null ? secret.label === label : secret.id === id));
  if (found === null) throw failed(id === null ? noLabel(label ?? '') : `secret ${quoted(id)} not found`);
  return found;
};

/** Finds the secret to change. If there is none, only the commit fails. Only the leader may change a secret of the application. */
const changed = (context: HookContext, word: string | undefined): Found | null => {
  if (word === undefined) throw usage('missing secret URI');
  const id = idIn(word);
  const found = find(context, (secret) => secret.id === id);
  if (found === null) context.fail(`secret ${quoted(id)} not found`);
  const owner = found?.stored?.owner ?? found?.draft?.owner;
  if (owner === 'application' && !context.unit.isLeader) throw failed('permission denied');
  return found;
};

/** Whether a label is taken. A unit shares its labels with the application, but not with other units. */
const isTaken = ({ unit }: HookContext, label: string, owner: string): boolean =>
  unit.secrets.some((secret) =>
    secret.label === label &&
    (owner === 'application' || secret.owner === 'application' || secret.madeBy === unit.name)
  );

/** The tools for secrets. */
export const SECRETS: Readonly<Record<string, Tool>> = {
  'secret-add': (context, parsed) => {
    checkAttributes(parsed);
    const content = contentIn(parsed, parsed.words);
    if (content === null) throw usage('missing secret value or filename');
    const owner = parsed.flags.get('owner') ?? 'application';
    if (owner === 'application' && !context.unit.isLeader) throw failed('this unit is not the leader');
    const label = parsed.flags.get('label') ?? '';
    const taken = `secret with label ${quoted(label)} already exists`;
    if (label !== '' && [...context.secrets.values()].some((secret) => secret.label === label)) throw failed(taken);
    // The controller reports an existing secret only at the commit.
    if (label !== '' && isTaken(context, label, owner)) context.fail(taken);
    const id = context.newSecretId();
    context.secrets.set(id, { id, owner, label, expiry: expiryIn(parsed, context.now), content });
    return { raw: `secret:${id}\n` };
  },
  'secret-set': (context, parsed) => {
    const [word, ...words] = parsed.words;
    const found = changed(context, word);
    checkAttributes(parsed);
    const content = contentIn(parsed, words);
    if (found === null) return NOTHING;
    const { id, stored, draft } = found;
    const label = parsed.flags.get('label') ?? draft?.label ?? stored?.label ?? '';
    const owner = draft?.owner ?? stored?.owner ?? 'application';
    const expiry = parsed.flags.has('expire') ? expiryIn(parsed, context.now) : draft?.expiry ?? stored?.expiry ?? null;
    context.secrets.set(id, { id, owner, label, expiry, content: content ?? draft?.content ?? null });
    return NOTHING;
  },
  'secret-get': (context, parsed) => {
    if (parsed.flags.has('peek') && parsed.flags.has('refresh')) {
      throw usage('specify one of --peek or --refresh but not both');
    }
    const uri = context.isJuju4 ? 'secret URI for ' : '';
    const { id, stored, draft } = secretIn(
      context,
      parsed,
      (label) => `${uri}consumer label ${quoted(label)} not found`,
    );
    const isFresh = parsed.flags.has('peek') || parsed.flags.has('refresh') || stored === undefined;
    const latest = stored?.revisions.length ?? 0;
    const pinned = context.pins.get(id) ?? stored?.pins.get(context.unit.name);
    const revision = isFresh ? latest : pinned ?? latest;
    // A revision that the hook itself has made comes on top.
    const read = isFresh && draft?.content ? latest + 1 : revision;
    if (!parsed.flags.has('peek') && read > 0 && read !== stored?.pins.get(context.unit.name)) {
      context.pins.set(id, read);
    }
    const content = (isFresh ? draft?.content : undefined) ?? stored?.revisions[revision - 1] ?? {};
    const key = parsed.words[1]?.replace(/#base64$/, '');
    if (key === undefined) return content;
    if (!Object.hasOwn(content, key)) throw failed(`secret key value ${quoted(key)} not found`);
    return content[key];
  },
  'secret-info-get': (context, parsed) => {
    if (parsed.words.length > 0 && parsed.flags.has('label')) {
      throw usage('specify either a secret URI or label but not both');
    }
    const { id, stored, draft } = secretIn(context, parsed, (label) => `secret ${quoted(label)} not found`);
    const owner = stored?.owner ?? draft?.owner;
    if (owner === 'application' && !context.unit.isLeader) throw failed(`secret ${quoted(id)} not found`);
    const expiry = draft === undefined ? stored?.expiry ?? null : draft.expiry;
    return {
      [id]: {
        revision: stored?.revisions.length ?? 1,
        label: draft?.label ?? stored?.label,
        owner,
        ...(expiry === null ? {} : { expiry }),
      },
    };
  },
  'secret-ids': (context) => {
    // Those that the unit may change. Only the leader may change those of the application.
    const owned = readable(context).filter(({ owner }) => owner === 'unit' || context.unit.isLeader);
    return owned.length === 0 ? null : owned.map(({ id }) => id);
  },
  'secret-grant': (context, parsed) => {
    const [word] = parsed.words;
    if (word === undefined) throw usage('missing secret URI');
    const id = idIn(word);
    const relation = relationIn(context, parsed);
    const unit = parsed.flags.get('unit');
    const { application } = relation.seenBy(context.application).far;
    if (unit !== undefined) {
      if (!/^[a-z][a-z0-9-]*\/\d+$/.test(unit)) throw usage(`unit ${quoted(unit)} not valid`);
      if (unit.split('/')[0] !== application) {
        throw usage(`cannot specify unit ${quoted(unit)} in relation to application ${quoted(application)}`);
      }
    }
    if (find(context, (secret) => secret.id === id) === null) throw failed(`secret ${quoted(id)} not found`);
    return NOTHING;
  },
  'secret-revoke': (context, { flags, words: [word] }) => {
    const relation = flags.has('r') || flags.has('relation');
    if (relation && flags.has('app')) throw usage('do not specify both relation and app');
    if (!relation && !flags.has('app') && !flags.has('unit')) {
      throw usage('missing relation or application or unit');
    }
    changed(context, word);
    return NOTHING;
  },
  'secret-remove': (context, { flags, words: [word] }) => {
    const revision = flags.get('revision');
    if (revision !== undefined && !/^\d+$/.test(revision)) {
      throw usage(
        `invalid value ${quoted(revision)} for option --revision: strconv.ParseInt: parsing ${
          quoted(revision)
        }: invalid syntax`,
      );
    }
    const found = changed(context, word);
    if (found === null) return NOTHING;
    const removed = { id: found.id, revision: revision === undefined ? null : Number(revision) };
    context.removedSecrets = [...context.removedSecrets, removed];
    return NOTHING;
  },
};
