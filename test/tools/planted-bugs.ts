// `node test/tools/planted-bugs.ts 6.12`: one-line mistakes of the kind that reviews find, put into the path of a real tree; prints which
// of them a law names, which only a comparison with the base shows, and which nothing shows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine } from '../../src/node/engine.ts';
import { kernelTree } from './kernel-tree.ts';

interface Bug {
  readonly name: string;
  readonly path: string;
  readonly from: string | RegExp;
  readonly to: string;
  /** Where it must show. */
  readonly preset: string;
}

const MF = 'mm/memory-failure.c';
const XFS = 'fs/xfs/xfs_notify_failure.c';
const PMEM = 'drivers/nvdimm/pmem.c';
const DAX = 'drivers/dax/super.c';

const row = (preset: string, path: string, name: string, from: string | RegExp, to: string): Bug => ({ name, path, from, to, preset });

const bugs: readonly Bug[] = [
  row('data-offset', PMEM, 'data_offset is not subtracted', '- pmem->phys_addr - pmem->data_offset', '- pmem->phys_addr'),
  row('reflinked-pair', PMEM, 'frames taken for bytes', 'PFN_PHYS(pfn) - pmem', '(u64)pfn - pmem'),
  row(
    'no-reverse-map',
    PMEM,
    'the result is swallowed',
    /return dax_holder_notify_failure\(([^;]*)\);/,
    'dax_holder_notify_failure($1); return 0;',
  ),
  row('reflinked-pair', DAX, 'dax_read_unlock() is missing', /(out:\s*)dax_read_unlock\(id\);(\s*return rc;)/, '$1$2'),
  row('no-holder', DAX, 'an absent holder is success', 'rc = -EOPNOTSUPP;', 'rc = 0;'),
  row('no-holder', DAX, 'EOPNOTSUPP is positive', 'rc = -EOPNOTSUPP;', 'rc = EOPNOTSUPP;'),
  row('reflinked-pair', DAX, 'offset and length are swapped', 'notify_failure(dax_dev, off, len', 'notify_failure(dax_dev, len, off'),
  row(
    'unbind',
    DAX,
    'the holder goes before it is told',
    'if (dax_dev->holder_data != NULL)',
    'dax_dev->holder_ops = NULL;\n\tif (dax_dev->holder_data != NULL)',
  ),
  row(
    'unbind',
    DAX,
    'a removal tells one page',
    'dax_holder_notify_failure(dax_dev, 0, U64_MAX',
    'dax_holder_notify_failure(dax_dev, 0, PAGE_SIZE',
  ),
  row('no-reverse-map', MF, 'no fallback', /if \(rc != -EOPNOTSUPP\)\s*goto out;/, 'goto out;'),
  row('reflinked-pair', MF, 'fallback after success', /if \(rc != -EOPNOTSUPP\)\s*goto out;/, ';'),
  row('device-dax', MF, 'ops may be NULL', 'if (pgmap_has_memory_failure(pgmap))', 'if (pgmap->ops->memory_failure)'),
  row('no-reverse-map', MF, 'the entry stays locked (generic path)', /dax_unlock_(page|folio)\((page|folio), cookie\);/, ';'),
  row('reflinked-pair', MF, 'the entry stays locked', /dax_unlock_mapping_entry\([^;]*\);/, ';'),
  row('reflinked-pair', MF, 'the end is inclusive', 'index < end; index++', 'index <= end; index++'),
  row('reflinked-pair', MF, 'the first page is left out', 'end = index + count;', 'end = index + count; index++;'),
  row(
    'kill-policies',
    MF,
    'killed without policy',
    /(static (?:void|int) collect_procs_fsdax[\s\S]*?)if \(!t\)\s*continue;/,
    '$1if (!t) t = tsk;',
  ),
  row('reflinked-pair', MF, 'pages stay mapped', 'unmap_mapping_range(mapping, start, size, 0);', ';'),
  row('reflinked-pair', MF, 'mf_mutex stays locked', /unlock_mutex:\s*mutex_unlock\(&mf_mutex\);/, 'unlock_mutex:'),
  row('reflinked-pair', MF, 'a task is not put', 'put_task_struct(tk->tsk);', ';'),
  row('reflinked-pair', MF, 'i_mmap stays locked', /rcu_read_unlock\(\);\s*i_mmap_unlock_read\(mapping\);/g, 'rcu_read_unlock();'),
  row(
    'reflinked-pair',
    MF,
    'locks in the wrong order',
    /i_mmap_lock_read\(mapping\);\s*rcu_read_lock\(\);/g,
    'rcu_read_lock(); i_mmap_lock_read(mapping);',
  ),
  row('metadata', MF, 'the log lies', 'rc ? MF_FAILED : MF_RECOVERED', 'MF_RECOVERED'),
  row('reflinked-pair', MF, 'si_addr_lsb is 0', 'short addr_lsb = tk->size_shift;', 'short addr_lsb = 0;'),
  row(
    'range',
    XFS,
    'metadata ends the walk',
    /notify->want_shutdown = true;\s*return 0;/,
    'notify->want_shutdown = true;\n\t\treturn -ECANCELED;',
  ),
  row('reflinked-pair', XFS, 'an inode is not put', 'xfs_irele(ip);', ';'),
  row(
    'reflinked-pair',
    XFS,
    'a group is not put',
    'xfs_trans_brelse(tp, agf_bp);\n\t\txfs_perag_put(pag);',
    'xfs_trans_brelse(tp, agf_bp);',
  ),
  row('reflinked-pair', XFS, 'the cursor is not freed', 'xfs_btree_del_cursor(cur, error);', ';'),
  row('reflinked-pair', XFS, 'the transaction is not cancelled', 'xfs_trans_cancel(tp);', ';'),
  row('metadata', XFS, 'lost metadata shuts nothing down', 'if (error || notify.want_shutdown)', 'if (error)'),
  row('reflinked-pair', XFS, 'file data shuts down', 'if (error || notify.want_shutdown)', 'if (1)'),
  row('reflinked-pair', XFS, 'bytes taken for page indexes', 'return pos >> PAGE_SHIFT;', 'return pos;'),
  row('second-extent', XFS, 'the file offset is ignored', 'XFS_FSB_TO_B(mp, rec->rm_offset)', '0'),
  row('second-extent', XFS, 'blocks added to bytes', 'XFS_FSB_TO_B(mp, rec->rm_offset)', 'rec->rm_offset'),
  row('reflinked-pair', XFS, 'the last sector is one too far', 'daddr + bblen - 1', 'daddr + bblen'),
  row('external-log', XFS, 'the log device is ignored', /if \(mp->m_logdev_targp[^{;]*mp->m_logdev_targp != mp->m_ddev_targp\)/, 'if (0)'),
  row('range', XFS, 'attribute and bmbt blocks are data', '(rec->rm_flags & (XFS_RMAP_ATTR_FORK | XFS_RMAP_BMBT_BLOCK))', '0'),
  row('unbind', XFS, 'nobody thaws', /xfs_dax_notify_failure_thaw\([^)]*\);/g, ';'),
];

const version = process.argv[2] ?? '6.12';
const root = kernelTree(version);
if (root === undefined) {
  console.error(`there is no Linux ${version} in the cache`);
  process.exit(2);
}
const grammars = join(import.meta.dirname, '../../grammars');
const engine = await openEngine({ root, config: null, grammars, progress: () => {} });

function outcome(name: string): { readonly laws: readonly string[]; readonly text: string } {
  const answer = engine.trace({ scenario: { kind: 'preset', name } }, () => false);
  if (answer.kind !== 'result') return { laws: [], text: JSON.stringify(answer) };
  const { injections, processes, filesystems, verdict } = answer.result;
  return {
    laws: verdict.violations.map(({ law, text }) => `law ${law}: ${text}`),
    text: JSON.stringify([injections, processes, filesystems]),
  };
}

const base = new Map([...new Set(bugs.map(({ preset }) => preset))].map((preset) => [preset, outcome(preset)]));
const tally = { law: 0, difference: 0, nothing: 0 };
for (const { name, path, from, to, preset } of bugs) {
  const text = readFileSync(join(root, path), 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) {
    console.log(`-           ${name}: this tree has no such place`);
    continue;
  }
  engine.setText(path, edited);
  const found = outcome(preset);
  engine.setText(path, null);
  const before = base.get(preset);
  const law = found.laws.find((one) => before?.laws.includes(one) !== true);
  const kind = law !== undefined ? 'law' : found.text !== before?.text ? 'difference' : 'nothing';
  tally[kind]++;
  console.log(`${kind.padEnd(11)} ${name}${law === undefined ? '' : `: ${law}`}`);
}
console.log(`Linux ${version}: ${tally.law} by a law, ${tally.difference} by a difference only, ${tally.nothing} by nothing`);
process.exitCode = tally.nothing > 0 ? 1 : 0;
