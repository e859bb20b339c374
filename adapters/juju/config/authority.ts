/**
 * The small CA of a provider's configuration: how it is called and how long it lives. What it issues is told by its policy.
 *
 * @module
 */
import type { NewAuthority } from '../../../core/authority/authority.ts';
import { Days, Keys } from '../../../core/authority/policy.ts';
import { type Decoder, object, omittable, required, textWhere } from '../../../core/model/codec.ts';

/** Characters of a common name (RFC 5280 appendix A.1, ub-common-name). */
const MAX_NAME = 64;

const isName = (text: string): boolean =>
  // deno-lint-ignore no-control-regex
  text.length >= 1 && text.length <= MAX_NAME && !/[\u0000-\u001f\u007f]/.test(text);

/** Decodes the `authority` of a provider's configuration: the CA that is made where none is kept yet. */
export const Authority: Decoder<NewAuthority> = object<NewAuthority>('closed', {
  commonName: required(textWhere(`a name of 1 to ${MAX_NAME} characters`, isName)),
  keys: omittable(Keys),
  days: omittable(Days),
});
