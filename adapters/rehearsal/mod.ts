/**
 * Front door `./rehearsal`: deploys and relates charms in any language in a Juju in this process, and plays a scenario with them. The hook
 * tools that charms call are real programs.
 *
 * @module
 */
export { type Exploration, explore, type ExploreOptions } from './explore.ts';
export { conform, type ConformOptions, type Verdict } from './conformance/conform.ts';
export type { TestedRole } from './conformance/conversation.ts';
export type { Checked } from './expecting.ts';
export type { History, HistoryHook } from './history.ts';
export type { RehearsalOptions } from './options.ts';
export { type Rehearsal, rehearse } from './rehearse.ts';
export type { RootKind } from './roots.ts';
export type { Duration } from './scenario/duration.ts';
export type { Expectation } from './scenario/expectation.ts';
export { readScenario } from './scenario/read.ts';
export type { RelationEnds, Scenario, ScenarioApplication, SpokenByOurs } from './scenario/scenario.ts';
export type { ActionStep, FaultStep, KillStep, Step, StepName, Steps } from './scenario/step.ts';
export type { StoryEntry, ToldHook } from './story.ts';
export { entryLines, type PaintStory } from './telling.ts';
