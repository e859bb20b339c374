/**
 * Arguments and flags that name files: shells complete them with file names, and they stay as they were typed.
 *
 * The library's `Argument.Path` would make them absolute, even `-`.
 *
 * @module
 */
import type * as Argument from 'effect/cli/Argument';
import type * as Flag from 'effect/cli/Flag';
import * as Param from 'effect/cli/Param';
import * as Primitive from 'effect/cli/Primitive';

// Completions depend on `_tag` and `pathType`; everything else reads it as text.
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
