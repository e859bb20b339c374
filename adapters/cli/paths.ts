/**
 * Arguments and flags that name files: a shell completes them with the names of files, and they stay as they were typed.
 *
 * `Argument.Path` of the library would make them absolute, and `-` with them.
 *
 * @module
 */
import type * as Argument from 'effect/cli/Argument';
import type * as Flag from 'effect/cli/Flag';
import * as Param from 'effect/cli/Param';
import * as Primitive from 'effect/cli/Primitive';

// `_tag` and `pathType` are what completions go by; the rest reads text.
const typed = (pathType: 'file' | 'directory'): Primitive.Primitive<string> =>
  Object.assign(Object.create(Object.getPrototypeOf(Primitive.String)), Primitive.String, { _tag: 'Path', pathType });

/** An argument that names a file. */
export const fileArgument = (name: string): Argument.Argument<string> =>
  Param.makeSingle({ kind: Param.argumentKind, name, primitiveType: typed('file'), typeName: 'file' });

/** A flag that names a file. */
export const fileFlag = (name: string): Flag.Flag<string> =>
  Param.makeSingle({ kind: Param.flagKind, name, primitiveType: typed('file'), typeName: 'file' });

/** A flag that names a folder. */
export const folderFlag = (name: string): Flag.Flag<string> =>
  Param.makeSingle({ kind: Param.flagKind, name, primitiveType: typed('directory'), typeName: 'folder' });
