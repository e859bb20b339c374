/**
 * A program that keeps a text of so many characters in the file of an endpoint, and says what became of it. Tests run it where files
 * cannot grow.
 *
 * @module
 */
import process from 'node:process';
import { privateFileIn } from '../../adapters/keeping/private-file.ts';

const [folder = '', endpoint = '', length = ''] = process.argv.slice(2);
const result = await privateFileIn(folder, endpoint).write('n'.repeat(Number(length)))();
console.log(result._tag === 'Left' ? result.left.message : 'kept');
