import { describe, expect, test } from 'vitest';
import { allIntrinsics } from '../../../src/core/kernel/registry.ts';
import { prototypeName } from '../../../src/core/machine/intrinsic.ts';

const names = allIntrinsics.map((d) => prototypeName(d.prototype));

describe('the list of intrinsics', () => {
  test('no function has two records', () => {
    expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([]);
  });

  test('the failure path itself is interpreted', () => {
    const interpreted = [
      'memory_failure',
      'memory_failure_dev_pagemap',
      'mf_generic_kill_procs',
      'mf_dax_kill_procs',
      'collect_procs',
      'kill_procs',
      'kill_proc',
      'get_dev_pagemap',
      'memremap_pages',
      'dax_holder_notify_failure',
      'fs_dax_get_by_bdev',
      'kill_dax',
      'pmem_pagemap_memory_failure',
      'xfs_dax_notify_failure',
      'xfs_dax_notify_ddev_failure',
      'xfs_dax_failure_fn',
      'dax_lock_page',
      'dax_lock_folio',
      'dax_lock_mapping_entry',
      'dax_unlock_mapping_entry',
      'dax_insert_entry',
      'unmap_mapping_range',
      'zap_page_range_single',
      'force_sig_mceerr',
      'send_sig_mceerr',
      'xfs_rmap_query_range',
      'xfs_btree_query_range',
      'xfs_iget',
      'xfs_do_force_shutdown',
      'vma_interval_tree_insert',
      'page_address_in_vma',
    ];
    expect(interpreted.filter((n) => names.includes(n))).toEqual([]);
  });

  test('every record says why, where, and what a partial one lacks', () => {
    for (const d of allIntrinsics) {
      expect(d.reason, d.prototype).not.toBe('');
      expect(d.file, d.prototype).toMatch(/^[\w-]+(\/[\w-]+)*\.(c|h|S)$/);
      if (d.fidelity !== 'exact') expect(d.fidelity.partial, d.prototype).not.toBe('');
    }
  });

  test('units are given to parameters that the prototype has', () => {
    for (const d of allIntrinsics) {
      for (const name of Object.keys(d.params ?? {})) expect(d.prototype, d.prototype).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });
});
