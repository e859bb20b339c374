/**
 * Steps in words, for the story.
 *
 * @module
 */
import { counted } from '../../core/model/shape.ts';
import type { Step } from './scenario/step.ts';

const UNITS: Readonly<Record<string, string>> = { d: 'day', h: 'hour', m: 'minute', s: 'second' };

/** What a step does, in a few words. */
export const stepWords = (step: Step): string => {
  switch (step.is) {
    case 'settle':
      return 'Hooks run until none is left';
    case 'expect':
      return `Check of ${step.what.unit}`;
    case 'config':
      return Object.entries(step.what)
        .map(([name, options]) => `${name} is configured: ${Object.keys(options).join(', ')}`).join('; ');
    case 'fault':
      return step.what.answer === 'well'
        ? `${step.what.provider} has no faults any more`
        : `${step.what.provider} has the fault ${step.what.answer}${
          step.what.unit === undefined ? '' : `, for ${step.what.unit}`
        }`;
    case 'leader':
      return `${step.what} becomes the leader`;
    case 'advance':
      return `${counted(Number(step.what.slice(0, -1)), UNITS[step.what.slice(-1)] ?? '')} pass`;
    case 'kill':
      return `A hook of ${step.what.unit} will be killed before ${
        typeof step.what.at === 'number' ? `its tool call ${step.what.at}` : step.what.at
      }`;
    case 'add-unit':
      return `${step.what} gets another unit`;
    case 'remove-unit':
      return `${step.what} is removed`;
    case 'relate':
      return `${step.what.join(' and ')} are related`;
    case 'remove-relation':
      return `The relation between ${step.what.join(' and ')} is removed`;
    case 'upgrade':
      return `${Object.keys(step.what).join(', ')} is upgraded`;
    case 'action':
      return `${step.what.unit} runs the action ${step.what.run}`;
    case 'replace-ca':
      return `${step.what} replaces its CA`;
  }
};
