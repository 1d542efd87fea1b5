// Designs of failure reporting: a folder each, with source overlays and a design.json that says what they show and on which presets.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import type { ScenarioSource, SetupCall } from '../core/session/engine-api.ts';
import { shipped } from './installation.ts';

const designSchema = z.strictObject({
  title: z.string().min(1),
  /** What a reader learns from it. */
  shows: z.string().min(1),
  /** Presets that it is meant for, the telling one first. */
  presets: z.array(z.string().min(1)).prefault([]),
  /** Scenario files of its own, for entries that no other tree has. */
  scenarios: z.array(z.string().endsWith('.json')).prefault([]),
  /** Another design that this one changes. */
  on: z.string().min(1).optional(),
  /** Functions that run before the first step: `function`, or `path/file.c:function` where it is static. */
  setup: z.array(z.string().min(1)).prefault([]),
});

export interface Design {
  readonly name: string;
  readonly title: string;
  readonly shows: string;
  readonly presets: readonly string[];
  /** Its scenarios: presets, then files of its own. */
  readonly scenarios: readonly ScenarioSource[];
  readonly setup: readonly SetupCall[];
  /** Path in the tree -> text. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A design that is not there or says nothing; the message names it. */
export class DesignError extends Error {
  override readonly name = 'DesignError';
}

/** Folder of the designs of this checkout or installation. */
const designsFolder = (): string => shipped('test/fixtures/designs');

/** Names of the designs that come with the checkout or installation. */
export function designNames(folder = designsFolder()): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'design.json')))
    .sort();
}

/**
 * Reads a design by name, or by the path of its folder.
 * @throws DesignError when there is none, or its design.json is not valid
 */
export function readDesign(spec: string): Design {
  const folder = spec.includes('/') || spec.includes(sep) ? resolve(spec) : join(designsFolder(), spec);
  const file = join(folder, 'design.json');
  if (!existsSync(file)) throw new DesignError(`design ${spec}: there is no ${file}; known designs: ${designNames().join(', ') || 'none'}`);
  const parsed = designSchema.safeParse(parseJson(spec, readFileSync(file, 'utf8')));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new DesignError(`design ${spec}: design.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`);
  }
  const setup = parsed.data.setup.map((text): SetupCall => {
    const colon = text.lastIndexOf(':');
    return colon < 0 ? { name: text } : { name: text.slice(colon + 1), file: text.slice(0, colon) };
  });
  const scenarios: ScenarioSource[] = [
    ...parsed.data.presets.map((name): ScenarioSource => ({ kind: 'preset', name })),
    ...parsed.data.scenarios.map((name): ScenarioSource => ({ kind: 'scenario', name, text: readPart(spec, join(folder, name)) })),
  ];
  const { title, shows, presets, on } = parsed.data;
  const below = on === undefined ? undefined : readDesign(join(folder, '..', on));
  const texts = new Map([...(below?.texts ?? []), ...textsBelow(folder)]);
  return { name: basename(folder), title, shows, presets, scenarios, setup: [...(below?.setup ?? []), ...setup], texts };
}

function readPart(spec: string, file: string): string {
  if (!existsSync(file)) throw new DesignError(`design ${spec}: there is no ${file}`);
  return readFileSync(file, 'utf8');
}

function parseJson(spec: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DesignError(`design ${spec}: design.json: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function textsBelow(folder: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const walk = (at: string): void => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (!name.endsWith('.json')) texts.set(relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8'));
    }
  };
  walk(folder);
  return texts;
}
