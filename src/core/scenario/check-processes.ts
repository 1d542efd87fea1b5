// Processes that cannot exist: mappings past the end of a file or over each other, pages of frames that nobody owns.

import { Names } from './check-devices.ts';
import { leafByte } from './devices.ts';
import { PAGE, type Report, strangeFrame } from './report.ts';
import type { Mapping, Scenario } from './schema.ts';

/** TASK_SIZE_MAX with four-level paging. */
const USER_END = 0x7ffffffff000n;
/** Pages of a huge entry: the first present page of a mapping may lie before its start. */
const PMD_PAGES = 512n;

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
        if (map.start < other.start + other.length && other.start < map.start + map.length)
          report(`${path}.maps[${j}].start`, `overlaps mapping ${other.name}`);
      });
    });
  });
}

/** One mapping of a file or device-dax node. */
export function checkMapping(scenario: Scenario, map: Mapping, path: string, report: Report): void {
  if (map.start % PAGE !== 0n) report(`${path}.start`, 'must be a multiple of the page size (4096)');
  if (map.length <= 0n || map.length % PAGE !== 0n) report(`${path}.length`, 'must be a positive multiple of the page size (4096)');
  if (map.offset % PAGE !== 0n) report(`${path}.offset`, 'must be a multiple of the page size (4096); it counts bytes');
  if (map.start <= 0n || map.start + map.length > USER_END) report(`${path}.start`, 'lies outside the user address space');
  const file = scenario.filesystems.flatMap((fs) => fs.files).find((candidate) => candidate.path === map.path);
  const device = scenario.pmem.find((candidate) => candidate.driver === 'devdax' && `/dev/${candidate.name}` === map.path);
  if (file === undefined && device === undefined) report(`${path}.path`, `no filesystem lists ${map.path}, and it is no device-dax node`);
  const size = file === undefined ? (device === undefined ? undefined : device.size - device.dataOffset) : roundUp(file.size);
  if (size !== undefined && map.offset + map.length > size)
    report(`${path}.length`, `the mapping ends at byte ${map.offset + map.length}, past the end of ${map.path} (${size} bytes)`);
  const pages = new Names();
  map.pages.forEach((page, i) => {
    const at = `${path}.pages[${i}]`;
    pages.claim(String(page.page), `${at}.page`, 'page', report);
    if (page.page < -PMD_PAGES || page.page * PAGE >= map.length) report(`${at}.page`, `page ${page.page} lies outside the mapping`);
    const strange = strangeFrame(scenario, page.pfn);
    if (strange !== undefined) report(`${at}.pfn`, strange);
    else checkFrame(scenario, map, i, at, report);
  });
}

/** A shared page of a DAX file lies where the file's extents say; a private one may have been copied. */
function checkFrame(scenario: Scenario, map: Mapping, i: number, path: string, report: Report): void {
  const page = map.pages[i];
  const fs = scenario.filesystems.find((candidate) => candidate.files.some((file) => file.path === map.path));
  const file = fs?.files.find((candidate) => candidate.path === map.path);
  if (page === undefined || fs === undefined || file?.dax !== true || page.anonymous || page.shift !== 12) return;
  const at = map.offset + page.page * PAGE;
  const extent = file.extents.find((candidate) => at >= candidate.logical && at < candidate.logical + candidate.length);
  if (extent === undefined || map.sharing === 'private') return;
  const device = file.realtime && fs.realtimeDevice !== undefined ? fs.realtimeDevice : fs.device;
  const lies = leafByte(scenario, device, extent.physical + (at - extent.logical));
  if (lies !== undefined && lies.physical / PAGE !== page.pfn)
    report(
      `${path}.pfn`,
      `is frame 0x${page.pfn.toString(16)}, but that page of ${map.path} lies at frame 0x${(lies.physical / PAGE).toString(16)}`,
    );
}

function roundUp(size: bigint): bigint {
  return ((size + PAGE - 1n) / PAGE) * PAGE;
}
