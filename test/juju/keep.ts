/**
 * A program that keeps a text of so many characters in the file of an endpoint, and says what became of it. Tests run it where files
 * cannot grow.
 *
 * @module
 */
import process from 'node:process';
import { keptFileIn } from '../../adapters/keeping/kept-file.ts';

const [folder = '', endpoint = '', length = ''] = process.argv.slice(2);
const result = await keptFileIn(folder, endpoint).write('n'.repeat(Number(length)))();
console.log(result._tag === 'Left' ? result.left.message : 'kept');
