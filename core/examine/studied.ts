/**
 * An exchange with all that can be said of it whatever the time is.
 *
 * @module
 */
import type { Place } from '../model/finding.ts';
import type { Examination } from './examination.ts';
import type { Exchange } from './exchange.ts';
import type { AsOf } from './provider-side.ts';

/**
 * Is waited for between certificates, to let others work in between.
 *
 * @internal
 */
export type Pause = () => void | Promise<void>;

/** A studied exchange. No private key is left in it. */
export interface StudiedExchange {
  readonly requirer: Exchange['requirer'];
  /** The relation, and the unit where one asks. */
  readonly place: Place;
  /** Judges as of a moment. */
  readonly examine: (moment: AsOf, pause: Pause) => Promise<Examination>;
}
