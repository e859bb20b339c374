/**
 * A requirer of the CSR protocol over a session with a fake provider: what it decides on is what the session shows, and what it writes is
 * what the session is sent.
 *
 * @module
 */
import assert from 'node:assert/strict';
import type { ProviderClient, Published } from '../../../adapters/http/mod.ts';
import { decideAndReact } from '../../../adapters/host.ts';
import { csrRequires, CsrRequiresIntent, type CsrRequiresView, type RequestView } from '../../../core/csr/mod.ts';
import { textsOnce } from '../../../core/csr/texts.ts';
import { snapshotAfter } from '../../../core/databag/write.ts';
import { makeMissing } from '../../../core/keyring/keyring.ts';
import { decodeWith } from '../../../core/model/input-error.ts';
import type { PublicKeyText, Timestamp } from '../../../core/model/snapshot.ts';
import { generateKey, makeRequest, type PrivateKey } from '../../../core/x509/mod.ts';
import {
  type Databag,
  emptyMemory,
  type Memory,
  orThrow,
  type Outcome,
  type RelationId,
  type Snapshot,
  type UnitName,
} from '../../../mod.ts';

export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** The public half of a key as snapshots have it. */
const publicHalf = async (key: PrivateKey): Promise<PublicKeyText> => {
  const csr = await makeRequest({ commonName: 'x', sans: [], key })();
  if (csr._tag === 'Left') throw new Error(csr.left.code);
  return textsOnce().csr(csr.right)?.publicKey ?? assert.fail('a CSR of ours cannot be read');
};

const newKey = async (): Promise<PrivateKey> => {
  const key = await generateKey('P-256')();
  return key._tag === 'Right' ? key.right : assert.fail(key.left);
};

/** How a requirer is. */
export interface RequirerOptions {
  readonly fake: ProviderClient;
  /** The intent, as JSON has it. */
  readonly intent: { readonly requests: ReadonlyArray<unknown>; readonly renewAfter?: number };
  readonly now: string;
  readonly unit?: string;
  readonly isLeader?: boolean;
}

/** One of the unit and one of its application. */
interface OfEach<A> {
  readonly unit: A;
  readonly application: A;
}

/** One unit of a requirer. */
export class Requirer {
  now: string;
  seen: Published | null = null;
  memory: Memory = emptyMemory;
  unitData: Databag = {};
  applicationData: Databag = {};
  readonly #keys: OfEach<PrivateKey>;
  readonly #halves: OfEach<PublicKeyText>;
  readonly #options: RequirerOptions;

  private constructor(options: RequirerOptions, keys: OfEach<PrivateKey>, halves: OfEach<PublicKeyText>) {
    this.#options = options;
    this.#keys = keys;
    this.#halves = halves;
    this.now = options.now;
  }

  static async make(options: RequirerOptions): Promise<Requirer> {
    const keys = { unit: await newKey(), application: await newKey() };
    const halves = { unit: await publicHalf(keys.unit), application: await publicHalf(keys.application) };
    return new Requirer(options, keys, halves);
  }

  get unit(): UnitName {
    return (this.#options.unit ?? 'web/0') as UnitName;
  }

  /** What this unit sees. */
  get snapshot(): Snapshot {
    const { isLeader = false } = this.#options;
    const { unit, databag, applicationDatabag } = this.seen ?? {
      unit: 'provider/0' as UnitName,
      databag: {},
      applicationDatabag: {},
    };
    return {
      localUnit: this.unit,
      endpoint: 'certificates',
      isLeader,
      now: this.now as Timestamp,
      keys: [
        { owner: 'unit', name: 'unit', publicKey: this.#halves.unit },
        { owner: 'application', name: 'app', publicKey: this.#halves.application },
      ],
      relations: [{
        id: 'certificates:0' as RelationId,
        localUnitData: this.unitData,
        localApplicationData: this.applicationData,
        remoteApplication: 'provider',
        remoteApplicationData: applicationDatabag,
        remoteUnits: { [unit]: databag },
      }],
    };
  }

  get intent(): CsrRequiresIntent {
    const read = decodeWith(CsrRequiresIntent)(this.#options.intent);
    return read._tag === 'Right' ? read.right : assert.fail(read.left.message);
  }

  /** What this unit decides on what it sees, without making a CSR, and without writing anything. */
  decide(): Outcome<CsrRequiresView> {
    return csrRequires.decide(this.snapshot, this.intent, this.memory);
  }

  /** A hook: decides, makes the CSRs that are missing, publishes, and looks at what the provider shows then. */
  async hook(): Promise<Outcome<CsrRequiresView>> {
    const { snapshot, intent, memory } = this;
    const outcome = await decideAndReact({ snapshot, memory }, {
      side: csrRequires,
      intent,
      react: async ({ view }) => ({ ...intent, made: await this.#made(view) }),
    });
    const [relation] = snapshotAfter(snapshot, outcome.writes).relations;
    this.memory = outcome.memory;
    this.unitData = relation?.localUnitData ?? {};
    this.applicationData = relation?.localApplicationData ?? {};
    await this.look();
    return outcome;
  }

  /** Looks at what the provider shows. */
  async look(): Promise<void> {
    const { fake, isLeader = false } = this.#options;
    this.seen = await orThrow(fake.databag(this.unit, this.unitData, ...(isLeader ? [this.applicationData] : [])));
  }

  /** Hooks until nothing is written; the last outcome. */
  async rest(): Promise<Outcome<CsrRequiresView>> {
    await this.look();
    for (let round = 0; round < 6; round++) {
      const outcome = await this.hook();
      if (outcome.writes.length === 0) return outcome;
    }
    return assert.fail('this requirer does not come to rest');
  }

  async #made(view: CsrRequiresView): Promise<CsrRequiresIntent['made']> {
    const result = await makeMissing(view, { keys: this.#keys, random })();
    return result._tag === 'Right' ? result.right.made : assert.fail(result.left);
  }
}

/** The codes of an outcome's findings, each once. */
export const codesOf = ({ findings }: Outcome): ReadonlyArray<string> =>
  [...new Set(findings.map(({ code }) => code))].sort();

/** The first request of a view. */
export const first = ({ view: { requests } }: Outcome<CsrRequiresView>): RequestView =>
  requests[0] ?? assert.fail('there is no request in the view');
