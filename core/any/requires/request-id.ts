/**
 * What distinguishes a request from the unit's others in the memory: its kind and common name. Its other names are content, which may
 * change.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import { type RequestKey, requestKeyOf } from '../../reactive/asked.ts';

/** Hex digits that distinguish the requests of one unit. */
const DIGITS = 16;

/** The id of a request; it does not reveal what is requested. */
export const requestId = (request: RequestKey): string => digestOf([requestKeyOf(request)]).slice(0, DIGITS);
