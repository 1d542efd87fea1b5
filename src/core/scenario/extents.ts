// Extents as intervals: of the device that holds the bytes, and of the file that they belong to.

import type { Interval } from '../../base/units.ts';
import type { FileExtent } from './schema.ts';

type Ends = Pick<FileExtent, 'logical' | 'physical' | 'length'>;

/** Bytes of the filesystem's data (or realtime) device. */
export const onDevice = ({ physical, length }: Ends): Interval<'bytes'> => ({ start: physical, length });

/** Bytes of the file. */
export const inFile = ({ logical, length }: Ends): Interval<'bytes'> => ({ start: logical, length });
