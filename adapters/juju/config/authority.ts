/**
 * The small CA of a provider's configuration: how it is called and how long it lives. What it issues is told by its policy.
 *
 * @module
 */
import type { NewAuthority } from '../../../core/authority/authority.ts';
import { Days, Keys } from '../../../core/authority/policy.ts';
import { type Decoder, named, object, omittable, required, textLike } from '../../../core/model/codec.ts';

/** Characters of a common name (RFC 5280 appendix A.1, ub-common-name). */
const MAX_NAME = 64;

const NAME = new RegExp(`^[^\\u0000-\\u001f\\u007f]{1,${MAX_NAME}}$`, 'u');

/** Decodes the `authority` of a provider's configuration: the CA that is made where none is kept yet. */
export const Authority: Decoder<NewAuthority> = named(
  'Authority',
  'The CA that is made where none is kept yet.',
  object<NewAuthority>('closed', {
    commonName: required(textLike(`a name of 1 to ${MAX_NAME} characters`, NAME), 'How the CA is called.'),
    keys: omittable(Keys, 'The kind of its key; P-256 unless said otherwise.'),
    days: omittable(Days, 'For how many days it lives; 3650 unless said otherwise.'),
  }),
);
