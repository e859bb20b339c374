/**
 * What tells a request from the unit's others in the memory: its kind and common name. Its other names are its content, which may change.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import { type RequestKey, requestKeyOf } from '../../reactive/asked.ts';

/** Hex digits that tell the requests of one unit from one another. */
const DIGITS = 16;

/** The id of a request: it tells nobody what is asked for. */
export const requestId = (request: RequestKey): string => digestOf([requestKeyOf(request)]).slice(0, DIGITS);
