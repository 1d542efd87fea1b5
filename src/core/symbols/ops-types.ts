// Which structs discovery is about; a tree under work that adds a holder-like struct needs a row here and nothing else.

/** A struct of function pointers whose tables, slots and dispatches are discovered. */
export interface OpsType {
  readonly struct: string;
  /** Members searched for before the struct's definition was read; those the tree's headers define are added. */
  readonly members: readonly string[];
  /** Storing the address of such a table anywhere is an install. */
  readonly installs: boolean;
}

/** A member whose stores are installs. */
export interface InstallMember {
  readonly struct: string;
  readonly member: string;
}

export interface DiscoveryRules {
  readonly types: readonly OpsType[];
  readonly installs: readonly InstallMember[];
  /** Functions known to register or clear a holder; those that take holder operations are added. */
  readonly registrars: readonly string[];
  /** Functions with a parameter of this struct register. */
  readonly registrarParameter: string;
}

/** The ops of a failing page: include/linux/dax.h and include/linux/memremap.h. */
export const daxRules: DiscoveryRules = {
  types: [
    { struct: 'dax_holder_operations', members: ['notify_failure'], installs: true },
    { struct: 'dev_pagemap_ops', members: ['memory_failure', 'page_free', 'migrate_to_ram'], installs: true },
    { struct: 'dax_operations', members: ['direct_access', 'zero_page_range', 'recovery_write', 'dax_supported'], installs: false },
  ],
  installs: [
    { struct: 'dax_device', member: 'holder_ops' },
    { struct: 'dax_device', member: 'holder_data' },
    { struct: 'dev_pagemap', member: 'ops' },
  ],
  registrars: ['fs_dax_get_by_bdev', 'fs_put_dax', 'fs_dax_get'],
  registrarParameter: 'dax_holder_operations',
};
