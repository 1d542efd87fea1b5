// Scenarios that come with the program: one per chapter of the domain, small enough to read.

import type { ScenarioInput } from '../schema.ts';
import { designPresets } from './designs.ts';
import { entryPresets } from './entries.ts';
import { ownerPresets } from './owners.ts';
import { placePresets } from './places.ts';

const presets: readonly ScenarioInput[] = [...ownerPresets, ...placePresets, ...entryPresets, ...designPresets];

/** Name, title and description of every preset. */
export function presetList(): readonly { readonly name: string; readonly title: string; readonly description: string }[] {
  return presets.map((preset) => ({ name: preset.id, title: preset.title ?? '', description: preset.description ?? '' }));
}

/** A preset by name. */
export function findPreset(name: string): ScenarioInput | undefined {
  return presets.find((preset) => preset.id === name);
}
