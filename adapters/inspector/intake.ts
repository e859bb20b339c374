/**
 * How texts come in: files chosen or dropped, and text pasted anywhere on the page. What is pasted never stays in a field.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Text } from '../reading/observed.ts';

/** Is given what came in together. */
export type Take = (texts: ReadonlyArray<Text>) => void;

/** Bytes of one file beyond which it is no output of Juju. */
const MAX_BYTES = 64 * 1024 * 1024;

const textOf = async (file: File): Promise<Text> => ({
  name: file.name,
  bytes: file.size > MAX_BYTES ? new Uint8Array() : new Uint8Array(await file.arrayBuffer()),
});

const pasted = (text: string): Text => ({ name: 'pasted text', bytes: new TextEncoder().encode(text) });

/** The elements that the page has for it. */
export interface IntakeElements {
  readonly files: HTMLInputElement;
  readonly choosers: ReadonlyArray<HTMLElement>;
  readonly area: HTMLTextAreaElement;
}

/** Listens to all ways in. */
export const listen = ({ files, choosers, area }: IntakeElements, take: Take): void => {
  const takeFiles = async (list: Iterable<File>): Promise<void> => {
    const texts = await Promise.all([...list].map(textOf));
    if (texts.length > 0) take(texts);
  };
  const takeText = (text: string): void => {
    if (text.trim() !== '') take([pasted(text)]);
  };

  files.addEventListener('change', () => {
    void takeFiles(files.files ?? []);
    // The same file can be chosen again.
    files.value = '';
  });
  for (const chooser of choosers) chooser.addEventListener('click', () => files.click());

  document.addEventListener('paste', (event) => {
    const data = event.clipboardData;
    if (data === null || (event.target instanceof HTMLInputElement && event.target.type === 'search')) return;
    event.preventDefault();
    if (data.files.length > 0) void takeFiles(data.files);
    else takeText(data.getData('text/plain'));
  });
  area.addEventListener('input', () => {
    const text = area.value;
    area.value = '';
    takeText(text);
  });

  let over = 0;
  const count = (change: number): void => {
    over = Math.max(0, over + change);
    document.documentElement.classList.toggle('dropping', over > 0);
  };
  document.addEventListener('dragenter', () => count(1));
  document.addEventListener('dragleave', () => count(-1));
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    count(-over);
    const data = event.dataTransfer;
    if (data === null) return;
    if (data.files.length > 0) void takeFiles(data.files);
    else takeText(data.getData('text/plain'));
  });
};
