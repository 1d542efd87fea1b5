// fs/proc: files that let user space look and set; a scenario has no such reader.
import { intrinsic, nothing, type KernelIntrinsic } from '../model.ts';

export const procIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'void __register_sysctl_init(const char *path, struct ctl_table *table, const char *table_name, size_t table_size)',
    'fs/proc/proc_sysctl.c',
    'nobody reads or writes sysctl files in a scenario',
    nothing,
  ),
];
