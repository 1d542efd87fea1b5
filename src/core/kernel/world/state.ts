// The world's own state as a part of the kernel model, so that snapshots carry it.
import type { StateKey } from '../model.ts';
import type { WorldState } from './types.ts';

export const worldKey: StateKey<WorldState> = {
  name: 'world',
  create: () => ({ scenario: undefined, devices: new Map(), inodes: new Map(), tasks: new Map() }),
  clone: (state) => ({
    scenario: state.scenario,
    devices: new Map(state.devices),
    inodes: new Map(state.inodes),
    tasks: new Map(state.tasks),
  }),
};
