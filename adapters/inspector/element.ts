/**
 * Creates the page's elements one by one. Text always stays text, so no foreign text is treated as markup.
 *
 * @module
 */
/// <reference lib="dom" />

/** What an element can contain. */
export type Child = Node | string | null;

/** How to create an element. */
export interface Properties {
  readonly class?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Custom properties of its style, without the two dashes; a script sets them, which a strict policy allows. */
  readonly variables?: Readonly<Record<string, string | number>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Sets the attributes that differ. */
export const setAttributes = (element: Element, attributes: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
};

/** Sets custom properties of an element's style. */
export const setVariables = (element: HTMLElement, variables: Readonly<Record<string, string | number>>): void => {
  for (const [name, value] of Object.entries(variables)) element.style.setProperty(`--${name}`, String(value));
};

/** An element with its content. */
export const el = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: ReadonlyArray<Child>
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag);
  if (properties.class !== undefined) element.className = properties.class;
  setAttributes(element, properties.attributes ?? {});
  setVariables(element, properties.variables ?? {});
  for (const [type, listener] of Object.entries(properties.on ?? {})) element.addEventListener(type, listener);
  element.append(...children.filter((child) => child !== null));
  return element;
};

/** The available icons: paths in a 16 by 16 square. */
const DRAWINGS = {
  good: 'M3.5 8.5l3 3 6-7',
  error: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  warning: 'M8 3.5v5.5M8 12v.2',
  info: 'M8 7.5v5M8 4v.2',
  open: 'M4 8h.2M8 8h.2M12 8h.2',
  lock: 'M4.5 7.5h7v5h-7zM6 7.5v-2a2 2 0 0 1 4 0v2',
  right: 'M2.5 8h11M9.5 4l4 4-4 4',
  left: 'M13.5 8h-11M6.5 4l-4 4 4 4',
  more: 'M5.5 3.5L10 8l-4.5 4.5',
} as const;

/** The name of an icon. */
export type Drawing = keyof typeof DRAWINGS;

/** An icon; screen readers skip it, so it always needs words next to it. */
export const drawing = (name: Drawing): SVGElement => {
  const svg = document.createElementNS(SVG, 'svg');
  setAttributes(svg, { viewBox: '0 0 16 16', 'aria-hidden': 'true', class: `drawing ${name}` });
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', DRAWINGS[name]);
  svg.append(path);
  return svg;
};
