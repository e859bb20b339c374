/**
 * The fields that the configurations of all sides share.
 *
 * @module
 */
import { type Decoder, optional, required, textLike, trueOrFalse } from '../../../core/model/codec.ts';

/** Endpoints as charms name them. */
export const Endpoint: Decoder<string, string> = textLike(
  "an endpoint's name as in metadata.yaml",
  /^[A-Za-z][A-Za-z0-9_\-]{0,99}$/u,
);

/** The field `endpoint`. */
export const endpoint: ReturnType<typeof required<string, string>> = required(
  Endpoint,
  "The endpoint's name, as in metadata.yaml.",
);

/** The field `status`. */
export const status: ReturnType<typeof optional<boolean, boolean>> = optional(
  trueOrFalse,
  false,
  "Whether the unit's status is set.",
);
