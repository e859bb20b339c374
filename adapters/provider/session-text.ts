/**
 * A session as text, and back. What is read is decoded like any other input; the CA is opened again, and what only saves time is left out.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { openAuthority } from '../../core/authority/mod.ts';
import { toKeep } from '../../core/authority/state.ts';
import { redacted } from '../../core/model/certificate.ts';
import { decodeWith } from '../../core/model/input-error.ts';
import type { Provider } from './provider.ts';
import type { Session } from './session.ts';
import { FORM, Written, type WrittenProvider } from './written.ts';

const writtenProvider = (provider: Provider): WrittenProvider => {
  const { authority, good: { snapshot, memory }, seen, forgedPairs, forgedCertificates, shown, ...rest } = provider;
  return {
    ...rest,
    authority: authority.state,
    snapshot,
    memory,
    seen: [...seen].map(([name, one]) => ({ name, ...one })),
    forgedPairs: {
      stranger: forgedPairs.stranger,
      made: [...forgedPairs.made].map(([name, { cert, key }]) => ({ name, cert, key })),
    },
    forgedCertificates: {
      stranger: forgedCertificates.stranger,
      made: [...forgedCertificates.made].map(([name, cert]) => ({ name, cert })),
    },
    shown: [...shown].map(([id, bags]) => ({ id, ...bags })),
  };
};

/** A session as text. It contains private keys. */
export const writeSession = ({ provider, ...rest }: Session): string => {
  const written: Written = { form: FORM, ...rest, provider: writtenProvider(provider) };
  return JSON.stringify(written);
};

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    // Nothing is no session, which its decoder says.
    return undefined;
  }
};

const openProvider = async (written: WrittenProvider): Promise<Provider | null> => {
  const { authority: state, snapshot, memory, seen, forgedPairs, forgedCertificates, shown, ...rest } = written;
  const authority = await openAuthority(toKeep(state))();
  if (E.isLeft(authority)) return null;
  const strangerOf = ({ stranger }: WrittenProvider['forgedPairs' | 'forgedCertificates']) =>
    stranger === null ? null : toKeep(stranger);
  return {
    ...rest,
    authority: authority.right,
    good: { snapshot, memory },
    seen: new Map(seen.map(({ name, ...one }) => [name, one])),
    forgedPairs: {
      stranger: strangerOf(forgedPairs),
      made: new Map(forgedPairs.made.map(({ name, cert, key }) => [name, redacted({ cert, key })])),
    },
    forgedCertificates: {
      stranger: strangerOf(forgedCertificates),
      made: new Map(forgedCertificates.made.map(({ name, cert }) => [name, cert])),
    },
    shown: new Map(shown.map(({ id, ...bags }) => [id, bags])),
  };
};

/** The session of a text; null if the text is none. */
export const readSession = async (json: string): Promise<Session | null> => {
  const written = decodeWith(Written)(parsed(json));
  if (E.isLeft(written)) return null;
  const { form: _form, provider, ...rest } = written.right;
  const opened = await openProvider(provider);
  return opened === null ? null : { ...rest, provider: opened };
};
