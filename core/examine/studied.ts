/**
 * An exchange with everything about it that does not depend on the time.
 *
 * @module
 */
import type { Place } from '../model/finding.ts';
import type { Examination } from './examination.ts';
import type { Exchange } from './exchange.ts';
import type { AsOf } from './provider-side.ts';

/**
 * Awaited between certificates, to let other work run in between.
 *
 * @internal
 */
export type Pause = () => void | Promise<void>;

/** A studied exchange. No private key is left in it. */
export interface StudiedExchange {
  readonly requirer: Exchange['requirer'];
  /** The relation, and the unit if one asks. */
  readonly place: Place;
  /** Judges as of a moment. */
  readonly examine: (moment: AsOf, pause: Pause) => Promise<Examination>;
}
