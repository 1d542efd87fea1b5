// Processes that cannot exist: mappings past the end of a file or over each other, pages of frames that nobody owns.

import {
  add,
  type Bytes,
  bytes,
  bytesToPages,
  compare,
  contains,
  endOf,
  isAligned,
  isPositive,
  overlaps,
  pageBytes,
  pages,
  pagesToBytes,
  physToPfn,
  subtract,
  userAddr,
} from '../../base/units.ts';
import { Names } from './check-devices.ts';
import { leafByte } from './devices.ts';
import { inFile } from './extents.ts';
import { pagesOfEntry } from './present-pages.ts';
import { isWholePages, type Report, strangeFrame } from './report.ts';
import type { Mapping, Scenario } from './schema.ts';

/** Below TASK_SIZE_MAX with four-level paging; nothing is mapped at 0. */
const userSpace = { start: userAddr(1n), length: bytes(0x7ffffffff000n - 1n) };
/** Pages of a huge entry: the first present page of a mapping may lie before its start. */
const PMD_PAGES = pagesOfEntry(21);

/** Reports what contradicts itself in processes and their mappings. */
export function checkProcesses(scenario: Scenario, report: Report): void {
  const labels = new Names();
  const pids = new Names();
  scenario.processes.forEach((process, i) => {
    const path = `processes[${i}]`;
    labels.claim(process.label, `${path}.label`, 'label', report);
    if (process.pid !== undefined) pids.claim(String(process.pid), `${path}.pid`, 'pid', report);
    const maps = new Names();
    process.maps.forEach((map, j) => {
      maps.claim(map.name, `${path}.maps[${j}].name`, 'mapping', report);
      checkMapping(scenario, map, `${path}.maps[${j}]`, report);
      process.maps.slice(0, j).forEach((other) => {
        if (overlaps(map, other)) report(`${path}.maps[${j}].start`, `overlaps mapping ${other.name}`);
      });
    });
  });
}

/** One mapping of a file or device-dax node. */
export function checkMapping(scenario: Scenario, map: Mapping, path: string, report: Report): void {
  if (!isAligned(map.start, pageBytes())) report(`${path}.start`, 'must be a multiple of the page size (4096)');
  if (!isPositive(map.length) || !isWholePages(map.length)) report(`${path}.length`, 'must be a positive multiple of the page size (4096)');
  if (!isWholePages(map.offset)) report(`${path}.offset`, 'must be a multiple of the page size (4096); it counts bytes');
  if (!contains(userSpace, map.start) || compare(endOf(map), endOf(userSpace)) > 0)
    report(`${path}.start`, 'lies outside the user address space');
  const file = scenario.filesystems.flatMap((fs) => fs.files).find((candidate) => candidate.path === map.path);
  const device = scenario.pmem.find((candidate) => candidate.driver === 'devdax' && `/dev/${candidate.name}` === map.path);
  if (file === undefined && device === undefined) report(`${path}.path`, `no filesystem lists ${map.path}, and it is no device-dax node`);
  const size = file === undefined ? (device === undefined ? undefined : subtract(device.size, device.dataOffset)) : roundUp(file.size);
  const end = add(map.offset, map.length);
  if (size !== undefined && compare(end, size) > 0)
    report(`${path}.length`, `the mapping ends at byte ${end}, past the end of ${map.path} (${size} bytes)`);
  const claimed = new Names();
  const present = { start: subtract(pages(0n), PMD_PAGES), length: add(PMD_PAGES, bytesToPages(map.length)) };
  map.pages.forEach((page, i) => {
    const at = `${path}.pages[${i}]`;
    claimed.claim(String(page.page), `${at}.page`, 'page', report);
    if (!contains(present, page.page)) report(`${at}.page`, `page ${page.page} lies outside the mapping`);
    const strange = strangeFrame(scenario, page.pfn);
    if (strange !== undefined) report(`${at}.pfn`, strange);
    else if (!isAligned(page.pfn, pagesOfEntry(page.shift)))
      report(`${at}.shift`, `an entry of 2^${page.shift} bytes cannot begin at frame 0x${page.pfn.toString(16)}`);
    else checkFrame(scenario, map, i, at, report);
  });
}

/** A shared page of a DAX file lies where the file's extents say; a private one may have been copied. */
function checkFrame(scenario: Scenario, map: Mapping, i: number, path: string, report: Report): void {
  const page = map.pages[i];
  const fs = scenario.filesystems.find((candidate) => candidate.files.some((file) => file.path === map.path));
  const file = fs?.files.find((candidate) => candidate.path === map.path);
  if (page === undefined || fs === undefined || file?.dax !== true || page.anonymous || page.shift !== 12) return;
  const at = add(map.offset, pagesToBytes(page.page));
  const extent = file.extents.find((candidate) => contains(inFile(candidate), at));
  // Reads of unwritten blocks, like those of holes, map the zero page.
  if (extent === undefined || extent.unwritten || map.sharing === 'private') return;
  const device = file.realtime && fs.realtimeDevice !== undefined ? fs.realtimeDevice : fs.device;
  const lies = leafByte(scenario, device, add(extent.physical, subtract(at, extent.logical)));
  if (lies !== undefined && physToPfn(lies.physical) !== page.pfn)
    report(
      `${path}.pfn`,
      `is frame 0x${page.pfn.toString(16)}, but that page of ${map.path} lies at frame 0x${physToPfn(lies.physical).toString(16)}`,
    );
}

/** The end of the page that the last byte lies in. */
function roundUp(size: Bytes): Bytes {
  return isWholePages(size) ? size : pagesToBytes(add(bytesToPages(size), pages(1n)));
}
