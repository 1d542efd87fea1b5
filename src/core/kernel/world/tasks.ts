// Simulated processes: task_struct, signal handling, credentials and mm, linked into the task list that for_each_process() walks.
import type { View } from '../../machine/view.ts';
import type { Process } from '../../scenario/schema.ts';
import type { KernelModel } from '../model.ts';
import { listAddTail, listInit, listRemove } from './list.ts';
import { newPageTable } from './page-tables.ts';
import { worldKey } from './state.ts';
import type { TaskState } from './types.ts';

/** include/uapi/asm-generic/signal.h. */
const SIGBUS = 7;
/** Any user address that is neither SIG_DFL (0) nor SIG_IGN (1): where a handler would be. */
const HANDLER = 0x402673n;
const SA_SIGINFO = 4n;
/** Pid of the first process when the scenario names none. */
const FIRST_PID = 400;

function initIfPresent(kernel: KernelModel, view: View, ...paths: readonly string[]): void {
  for (const path of paths) if (view.has(path)) listInit(kernel.machine.memory, view.member(path).address);
}

function writeIfPresent(view: View, path: string, value: bigint | number): void {
  if (view.has(path)) view.member(path).write(value);
}

/** Address of a global that may be absent from this tree (0 then). */
function optionalGlobal(kernel: KernelModel, name: string): bigint {
  return kernel.program.globalAddress(name) ?? 0n;
}

function buildSignals(kernel: KernelModel, task: View, process: Process | undefined): void {
  const { memory } = kernel.machine;
  const label = process?.label ?? 'kernel';
  const signal = kernel.create('struct signal_struct', `signal_struct of ${label}`);
  initIfPresent(kernel, signal, 'thread_head', 'shared_pending.list', 'posix_timers', 'wait_chldexit.head');
  writeIfPresent(signal, 'nr_threads', 1);
  writeIfPresent(signal, 'live.counter', 1);
  writeIfPresent(signal, 'curr_target', task.address);
  const pendingLimit = Number(kernel.constant('RLIMIT_SIGPENDING') ?? 11n);
  writeIfPresent(signal, `rlim[${pendingLimit}].rlim_cur`, 4096);
  writeIfPresent(signal, `rlim[${pendingLimit}].rlim_max`, 4096);
  if (task.has('thread_node') && signal.has('thread_head'))
    listAddTail(memory, task.member('thread_node').address, signal.member('thread_head').address);
  task.member('signal').write(signal.address);

  const sighand = kernel.create('struct sighand_struct', `sighand_struct of ${label}`);
  initIfPresent(kernel, sighand, 'signalfd_wqh.head');
  const action = sighand.member(`action[${SIGBUS - 1}].sa`);
  const disposition = process?.sigbus ?? 'default';
  action.member('sa_handler').write(disposition === 'default' ? 0n : disposition === 'ignore' ? 1n : HANDLER);
  writeIfPresent(action, 'sa_flags', disposition === 'handler' || disposition === 'block' ? SA_SIGINFO : 0n);
  task.member('sighand').write(sighand.address);
  if (disposition === 'block') blockSignal(task, SIGBUS);
}

/** sigaddset() on task->blocked: signal n is bit n-1. */
function blockSignal(task: View, signo: number): void {
  const word = task.member('blocked.sig').index(0);
  word.write(word.read() | (1n << BigInt(signo - 1)));
}

/** PF_MCE_PROCESS and PF_MCE_EARLY as prctl(PR_MCE_KILL) sets them. */
function policyFlags(kernel: KernelModel, policy: Process['mcePolicy']): bigint {
  const own = kernel.constant('PF_MCE_PROCESS') ?? 0x80n;
  const early = kernel.constant('PF_MCE_EARLY') ?? 0x08000000n;
  switch (policy) {
    case 'early':
      return own | early;
    case 'late':
      return own;
    case 'default':
      return 0n;
  }
}

/** Per-CPU halves of the counters of resident pages, in trees that keep them so. */
function prepareCounters(kernel: KernelModel, mm: View, label: string): void {
  if (!mm.has('rss_stat')) return;
  const stat = mm.member('rss_stat');
  if (stat.type.kind !== 'array' || !stat.has('[0].counters')) return;
  for (let i = 0; i < (stat.type.length ?? 0); i++) {
    stat
      .index(i)
      .member('counters')
      .write(kernel.machine.heap.allocate({ size: 4, name: `percpu rss_stat of ${label}`, zeroed: true }));
  }
}

function buildMm(kernel: KernelModel, label: string, task: View): bigint {
  const mm = kernel.create('struct mm_struct', `mm_struct of ${label}`);
  writeIfPresent(mm, 'mm_users.counter', 1);
  writeIfPresent(mm, 'mm_count.counter', 1);
  initIfPresent(kernel, mm, 'mmlist', 'mmap_lock.wait_list');
  writeIfPresent(mm, 'owner', task.address);
  writeIfPresent(mm, 'task_size', 0x7ffffffff000n);
  prepareCounters(kernel, mm, label);
  mm.member('pgd').write(newPageTable(kernel, `page table (pgd) of ${label}`));
  return mm.address;
}

/** Gives the first task credentials: kernel code borrows them. */
export function prepareInitTask(kernel: KernelModel): void {
  const head = optionalGlobal(kernel, 'init_task');
  if (head !== 0n) buildCredentials(kernel, kernel.view('struct task_struct', head));
}

/** Credentials with a user namespace that limits nothing; inc_rlimit_get_ucounts() and others start from here. */
function buildCredentials(kernel: KernelModel, task: View): void {
  if (!task.has('cred') || kernel.program.typeNamed('struct cred') === undefined) return;
  const cred = kernel.create('struct cred', 'cred of root');
  for (const [member, type] of [
    ['user_ns', 'struct user_namespace'],
    ['ucounts', 'struct ucounts'],
    ['user', 'struct user_struct'],
  ] as const) {
    if (cred.has(member) && kernel.program.typeNamed(type) !== undefined)
      cred.member(member).write(kernel.create(type, `${member} of root`).address);
  }
  writeIfPresent(cred, 'usage.counter', 1);
  writeIfPresent(task, 'real_cred', cred.address);
  writeIfPresent(task, 'cred', cred.address);
}

/** Creates a process and puts it at the end of the task list. Without a scenario process it maps nothing (an injecting tool). */
export function buildTask(
  kernel: KernelModel,
  label: string,
  process: Process | undefined,
  options: { readonly comm: string; readonly pid: number; readonly mm: boolean },
): TaskState {
  const task = kernel.create('struct task_struct', `task_struct of ${label}`);
  initIfPresent(kernel, task, 'tasks', 'children', 'sibling', 'thread_node', 'thread_group', 'pending.list', 'ptraced', 'ptrace_entry');
  const pid = process?.pid ?? options.pid;
  task.member('pid').write(pid);
  writeIfPresent(task, 'tgid', pid);
  writeIfPresent(task, 'group_leader', task.address);
  writeIfPresent(task, 'usage.refs.counter', 2);
  writeIfPresent(task, 'exit_signal', 17);
  task.member('comm').writeText(process?.comm ?? options.comm);
  task.member('flags').write(process === undefined ? 0n : policyFlags(kernel, process.mcePolicy));
  buildCredentials(kernel, task);
  buildSignals(kernel, task, process);
  const mm = options.mm ? buildMm(kernel, label, task) : 0n;
  task.member('mm').write(mm);
  writeIfPresent(task, 'active_mm', mm);
  linkTask(kernel, task);
  const state: TaskState = { label, task: task.address, mm, pid, scenario: process, state: 'alive', maps: [] };
  kernel.part(worldKey).tasks.set(label, state);
  return state;
}

function linkTask(kernel: KernelModel, task: View): void {
  const head = optionalGlobal(kernel, 'init_task');
  if (head === 0n || !task.has('tasks')) return;
  const init = kernel.view('struct task_struct', head);
  const { memory } = kernel.machine;
  const links = init.member('tasks').address;
  if (memory.readU64(links) === 0n) listInit(memory, links);
  writeIfPresent(task, 'real_parent', head);
  writeIfPresent(task, 'parent', head);
  listAddTail(memory, task.member('tasks').address, links);
}

/** do_exit() as far as others notice it: off the task list, no mm, no mappings. */
export function exitTask(kernel: KernelModel, label: string, state: 'killed' | 'exited'): void {
  const tasks = kernel.part(worldKey).tasks;
  const found = tasks.get(label);
  if (found?.state !== 'alive') return;
  const task = kernel.view('struct task_struct', found.task);
  if (task.has('tasks')) listRemove(kernel.machine.memory, task.member('tasks').address);
  task.member('mm').write(0n);
  tasks.set(label, { ...found, state, maps: [] });
}

/** Makes a task the current one. */
export function setCurrent(kernel: KernelModel, task: bigint): void {
  kernel.current = task;
}

/** Pid for the n-th process without one in the scenario. */
export function defaultPid(n: number): number {
  return FIRST_PID + n;
}

/** What prctl(PR_MCE_KILL) left in the flags of a task. */
export function policyOf(kernel: KernelModel, task: bigint): Process['mcePolicy'] {
  const flags = kernel.view('struct task_struct', task).member('flags').read();
  return (['early', 'late'] as const).find((policy) => (flags & policyFlags(kernel, 'early')) === policyFlags(kernel, policy)) ?? 'default';
}

/** Where the tree keeps vm.memory_failure_early_kill. */
function earlyKillAt(kernel: KernelModel): bigint | undefined {
  return kernel.program.globalAddress('sysctl_memory_failure_early_kill', 'mm/memory-failure.c');
}

/** vm.memory_failure_early_kill; undefined where the tree has no such variable. */
export function isEarlyKill(kernel: KernelModel): boolean | undefined {
  const at = earlyKillAt(kernel);
  return at === undefined ? undefined : kernel.machine.memory.readU32(at) !== 0;
}

/** Sets vm.memory_failure_early_kill. */
export function setEarlyKill(kernel: KernelModel, early: boolean): void {
  const at = earlyKillAt(kernel);
  if (at !== undefined) kernel.machine.memory.writeU32(at, early ? 1 : 0);
}

/** prctl(PR_MCE_KILL) by a running process. */
export function setPolicy(kernel: KernelModel, label: string, policy: Process['mcePolicy']): void {
  const found = kernel.part(worldKey).tasks.get(label);
  if (found?.state !== 'alive') return;
  const flags = kernel.view('struct task_struct', found.task).member('flags');
  flags.write((flags.read() & ~policyFlags(kernel, 'early')) | policyFlags(kernel, policy));
}
