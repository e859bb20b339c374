/**
 * What a view of the reactive protocol brings.
 *
 * @module
 */
import { deliveredBy } from '../../../core/side/row.ts';
import { requires, type RequiresView } from '../../../mod.ts';

/** What the installer is given of a view. */
export const delivered = (view: RequiresView) => deliveredBy(requires, view);
