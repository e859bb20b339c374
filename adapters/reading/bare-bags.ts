/**
 * Single databags, as `relation-get` prints them: their keys show who published them, as does the command if it was pasted. They are turned
 * into what `juju show-unit` would have printed, so that every reader of that can read them.
 *
 * @module
 */
import { ANSWER_KEYS, REQUIRER_KEYS } from '../../core/csr/wire.ts';
import { lookup } from '../../core/databag/lookup.ts';
import { isObject } from '../../core/model/codec.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import { speaksAs } from '../../core/reactive/wire.ts';
import type { Role } from '../../core/side/row.ts';
import type { Found } from './pasted.ts';

/** Which side publishes a databag like this, and whether it is an application's; null if it belongs to neither protocol. */
const ownerOf = (bag: Databag): { readonly role: Role; readonly isApplication: boolean } | null => {
  if (ANSWER_KEYS.some((key) => lookup(bag, key) !== null)) return { role: 'provider', isApplication: true };
  if (lookup(bag, REQUIRER_KEYS.requests) !== null) {
    // Juju writes these into every unit's databag, and into no application's.
    const isUnit = ['ingress-address', 'private-address', 'egress-subnets'].some((key) => Object.hasOwn(bag, key));
    return { role: 'requirer', isApplication: !isUnit };
  }
  const role = speaksAs(bag);
  return role === null ? null : { role, isApplication: false };
};

/** Whether a value is a databag that contains something of either protocol. */
export const isBareBag = (value: unknown): value is Databag =>
  isObject(value) && Object.values(value).every((one) => typeof one === 'string') &&
  // All its values are texts.
  ownerOf(value as Databag) !== null;

/** What a command says about the databag that it prints. */
interface Asked {
  readonly relation: string | null;
  /** Whose databag it is: a unit's or an application's. */
  readonly of: string | null;
  /** The unit on which the tool ran. */
  readonly on: string | null;
  readonly isApplication: boolean;
}

const UNIT = String.raw`[a-z0-9][a-z0-9-]*\/\d+`;

const readCommand = (command: string | null): Asked => {
  const typed = command ?? '';
  const tool = /\brelation-get\b(.*)$/.exec(typed)?.[1] ?? '';
  const words = tool.replaceAll(/["']/g, ' ').split(/\s+/).filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  return {
    relation: /(?:-r|--relation)[= ]([a-z0-9-]+:\d+)/.exec(tool)?.[1] ?? null,
    of: new RegExp(`^(?:${UNIT}|[a-z][a-z0-9-]*)$`).test(last) && words.length > 1 ? last : null,
    on: new RegExp(String.raw`(?:--unit|-u|ssh)[= ](${UNIT})`).exec(typed)?.[1] ?? null,
    isApplication: words.includes('--app'),
  };
};

interface Bag {
  readonly bag: Databag;
  readonly role: Role;
  readonly isApplication: boolean;
  readonly asked: Asked;
}

const applicationOf = (name: string): string => name.replace(/\/\d+$/, '');

/** The application of a role, as commands name it. */
const nameOf = (role: Role, bags: ReadonlyArray<Bag>): string => {
  for (const bag of bags) {
    if (bag.role === role && bag.asked.of !== null) return applicationOf(bag.asked.of);
    const isOther = bag.role !== role && bag.asked.on !== null && bag.asked.of !== null &&
      applicationOf(bag.asked.on) !== applicationOf(bag.asked.of);
    if (isOther && bag.asked.on !== null) return applicationOf(bag.asked.on);
  }
  return role;
};

const OTHER: Readonly<Record<Role, Role>> = { requirer: 'provider', provider: 'requirer' };

/** What `juju show-unit` would have printed of these databags. */
export const shownBags = (found: ReadonlyArray<Found>): ReadonlyArray<unknown> => {
  const bags = found.flatMap(({ value, command }): ReadonlyArray<Bag> => {
    const owner = isBareBag(value) ? ownerOf(value) : null;
    if (owner === null || !isBareBag(value)) return [];
    const asked = readCommand(command);
    const isApplication = asked.of === null ? owner.isApplication || asked.isApplication : !asked.of.includes('/');
    return [{ bag: value, role: owner.role, isApplication, asked }];
  });
  const relation = bags.find(({ asked }) => asked.relation !== null)?.asked.relation ?? 'certificates:0';
  const names: Readonly<Record<Role, string>> = {
    requirer: nameOf('requirer', bags),
    provider: nameOf('provider', bags),
  };
  return bags.map(({ bag, role, isApplication, asked }) => {
    const [endpoint = '', number = ''] = (asked.relation ?? relation).split(':');
    const observer = `${names[OTHER[role]]}/0`;
    const unit = asked.of !== null && asked.of.includes('/') ? asked.of : `${names[role]}/0`;
    return {
      [observer]: {
        'relation-info': [{
          'relation-id': number,
          // The name of the other end is unknown, and shows nowhere.
          endpoint,
          'related-endpoint': endpoint,
          'application-data': isApplication ? bag : null,
          'related-units': { [unit]: { data: isApplication ? null : bag } },
        }],
      },
    };
  });
};
