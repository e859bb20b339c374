/**
 * How texts come in: files chosen or dropped, and text pasted anywhere on the page. Text that was read never stays in a field. Text that
 * cannot be read returns to it for correction, unless it contains a private key.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Text } from '../reading/observed.ts';

/** Receives what came in together; says whether it could be read. */
export type Take = (texts: ReadonlyArray<Text>) => Promise<boolean>;

/** Longer texts, in characters, are not corrected by hand. */
const MAX_RESTORED = 200_000;

/** Larger files, in bytes, are not Juju output. */
const MAX_BYTES = 64 * 1024 * 1024;

const textOf = async (file: File): Promise<Text> => ({
  name: file.name,
  bytes: file.size > MAX_BYTES ? new Uint8Array() : new Uint8Array(await file.arrayBuffer()),
});

const pasted = (text: string): Text => ({ name: 'pasted text', bytes: new TextEncoder().encode(text) });

/** The page's elements for input. */
export interface IntakeElements {
  readonly files: HTMLInputElement;
  readonly choosers: ReadonlyArray<HTMLElement>;
  readonly area: HTMLTextAreaElement;
}

/** Listens to every way in. */
export const listen = ({ files, choosers, area }: IntakeElements, take: Take): void => {
  const takeFiles = async (list: Iterable<File>): Promise<void> => {
    const texts = await Promise.all([...list].map(textOf));
    if (texts.length > 0) await take(texts);
  };
  const takeText = async (text: string, isInField: boolean): Promise<void> => {
    if (text.trim() === '' || await take([pasted(text)])) return;
    const mayStay = isInField && area.value === '' && text.length <= MAX_RESTORED && !text.includes('PRIVATE KEY');
    if (mayStay) area.value = text;
  };

  files.addEventListener('change', () => {
    void takeFiles(files.files ?? []);
    // Allows the same file to be chosen again.
    files.value = '';
  });
  for (const chooser of choosers) chooser.addEventListener('click', () => files.click());

  document.addEventListener('paste', (event) => {
    const data = event.clipboardData;
    if (data === null || (event.target instanceof HTMLInputElement && event.target.type === 'search')) return;
    event.preventDefault();
    if (data.files.length > 0) return void takeFiles(data.files);
    const isInField = event.target === area;
    if (isInField) area.value = '';
    void takeText(data.getData('text/plain'), isInField);
  });
  area.addEventListener('input', () => {
    const text = area.value;
    area.value = '';
    void takeText(text, true);
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
    else void takeText(data.getData('text/plain'), false);
  });
};
