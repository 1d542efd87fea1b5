// Intrinsics of the filesystem, block and device-mapper side, for the one registry of the kernel model.
import { blockIntrinsics } from '../block/disk.ts';
import type { KernelIntrinsic } from '../model.ts';
import { procIntrinsics } from './proc.ts';
import { superIntrinsics } from './super.ts';
import { bufferIntrinsics } from './xfs/buffers.ts';
import { logIntrinsics } from './xfs/log.ts';
import { supportIntrinsics } from './xfs/support.ts';

export const fsIntrinsics: readonly KernelIntrinsic[] = [
  ...blockIntrinsics,
  ...procIntrinsics,
  ...superIntrinsics,
  ...bufferIntrinsics,
  ...logIntrinsics,
  ...supportIntrinsics,
];
