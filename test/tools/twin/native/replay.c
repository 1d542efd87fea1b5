/* Runs one event natively and holds every call, result, intrinsic and memory access of it against the machine's recording. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "twin.h"

struct function functions[MAX_FUNCTIONS];
int event_state;
char event_text[4096];
u64 event_ops;

static const u64 *stream;
static size_t position, length;
static sigjmp_buf leave_event;
static int in_event;
#define STACK_SIZE (512 * 1024)
static u8 *stack;

/* ---- texts ----------------------------------------------------------------------------------------------------------- */

__attribute__((noreturn)) static void stop(int state) {
  event_state = state;
  siglongjmp(leave_event, 1);
}

void differ(const char *format, ...) {
  va_list list;
  va_start(list, format);
  int n = snprintf(event_text, sizeof event_text, "op %zu: ", position);
  vsnprintf(event_text + n, sizeof event_text - n, format, list);
  va_end(list);
  stop(1);
}

static const char *op_text(size_t at) {
  static char text[400];
  if (at >= length) return "nothing more";
  const char *name = functions[stream[at + 1] & 0xffff].name;
  int n = 0;
  switch (stream[at]) {
    case OP_ENTER:
    case OP_INTRINSIC:
      n = snprintf(text, sizeof text, "%s(", name ? name : "?");
      for (u64 i = 0; i < stream[at + 2] && n < 300; i++) n += snprintf(text + n, sizeof text - n, "%s0x%llx", i ? ", " : "", (unsigned long long)stream[at + 3 + i]);
      snprintf(text + n, sizeof text - n, ")");
      return text;
    case OP_LEAVE:
      snprintf(text, sizeof text, "%s returns 0x%llx", name ? name : "?", (unsigned long long)stream[at + 3]);
      return text;
    case OP_END:
      return "the end";
    case OP_FAULT:
      snprintf(text, sizeof text, "fault at 0x%llx", (unsigned long long)stream[at + 1]);
      return text;
    default:
      snprintf(text, sizeof text, "operation %llu", (unsigned long long)stream[at]);
      return text;
  }
}

void twin_return(void);
void twin_intrinsic_entry(void);
void twin_unresolved_entry(void);

/* ---- values ------------------------------------------------------------------------------------------------------------ */

/* What a stack address of the machine is here, learnt from arguments; forgotten when the frame that it lies in is left. */
#define MOST_STACKS 65536
static struct {
  u64 machine, native;
} stacks[MOST_STACKS];
static u32 nstacks;

static int is_own_stack(u64 v) { return v >= (u64)stack && v < (u64)stack + STACK_SIZE; }

static void learn(u64 machine, u64 native) {
  if (nstacks >= MOST_STACKS) return;
  stacks[nstacks].machine = machine;
  stacks[nstacks++].native = native;
}

/* Native address of a translated machine address. */
static u64 counterpart(u64 address) {
  if (!is_machine_stack(address)) return address;
  u64 best = 4096, found = 0;
  for (u32 i = nstacks; i-- > 0;) {
    u64 distance = address - stacks[i].machine;
    if (distance >= best) continue;
    best = distance;
    found = stacks[i].native + distance;
    if (distance == 0) break;
  }
  return found;
}

static int same_text(u64 machine, u64 native) {
  u64 size;
  const u8 *text = text_at(machine, &size);
  return text && !memcmp(text, (void *)native, size);
}

/* Addresses that name the same thing at another place: locals, string literals, static locals. */
int equal_pointers(u64 machine, u64 native) {
  if (machine == native) return 1;
  /* _RET_IP_: every function returns through the hook. */
  if (native == (u64)twin_return && machine >= TEXT_BASE && machine < TEXT_BASE + 16 * MAX_FUNCTIONS) return 1;
  if (is_machine_stack(machine) && is_own_stack(native)) return 1;
  if (in_own_data(native)) {
    if (machine >= IMAGE_BASE + 0x10000000 && machine < IMAGE_BASE + 0x18000000) return same_text(machine, native);
    if (machine >= IMAGE_BASE + 0x04000000 && machine < IMAGE_BASE + 0x10000000) return 1;
  }
  return 0;
}

/* A wild index may lead out of every region, and a base may be taken away from a number: then the distance is that of the bases. */
static int is_same_distance(u64 machine, u64 native) {
  u64 distance = native - machine;
  return distance == IMAGE_DELTA || distance == 0 - IMAGE_DELTA || distance == 0xffff800000000000ull || distance == 0x0000800000000000ull;
}

static int equal_values(u64 machine, u64 native, int bits) {
  int width = bits < 0 ? -bits : bits;
  if (width == 0) {
    /* A variadic argument: its width is not known; int and pointer are told apart by size. */
    if ((u32)machine == (u32)native && (native >> 32 == 0 || native >> 32 == 0xffffffff)) return 1;
    width = 64;
  }
  if (width < 64) {
    u64 mask = (1ull << width) - 1;
    return (machine & mask) == (native & mask);
  }
  u64 translated = translate(machine);
  if (!equal_pointers(translated, native) && machine != native && !is_same_distance(machine, native)) return 0;
  if (is_machine_stack(translated)) learn(translated, native);
  return 1;
}

static u64 argument(struct function *f, u64 i, const u64 *regs, const u64 *on_stack, int *comparable) {
  u32 loc = i < 16 ? f->loc[i] : SKIP;
  if (i >= f->nparams) {
    /* Variadic: they go on where the named ones end. */
    u32 used = f->nparams ? f->loc[f->nparams - 1] + 1 : 0;
    loc = used + (u32)(i - f->nparams);
  }
  *comparable = loc != SKIP;
  return loc < 6 ? regs[loc] : loc == SKIP ? 0 : on_stack[loc - 6];
}

/* Index of the first argument at `where` that differs, or -1. */
static int first_difference(struct function *f, size_t where, const u64 *regs, const u64 *on_stack, u64 *native) {
  u64 count = stream[where + 2];
  for (u64 i = 0; i < count; i++) {
    int comparable;
    *native = argument(f, i, regs, on_stack, &comparable);
    if (comparable && !equal_values(stream[where + 3 + i], *native, i < f->nparams && i < 16 ? f->bits[i] : 0)) return (int)i;
  }
  return -1;
}

static void check_arguments(struct function *f, const u64 *regs, const u64 *on_stack) {
  u64 native;
  int i = first_difference(f, position, regs, on_stack, &native);
  if (i >= 0) {
    u64 machine = stream[position + 3 + i];
    differ("argument %d of %s: machine 0x%llx (here 0x%llx), native 0x%llx", i, f->name, (unsigned long long)machine,
           (unsigned long long)translate(machine), (unsigned long long)native);
  }
  position += 3 + stream[position + 2];
  event_ops++;
}

/* ---- order ---------------------------------------------------------------------------------------------------------------- */

/* C leaves open in which order operands are evaluated. Calls without an effect may come in another order than the machine's:
   what native code did too early is remembered, and passed over when the recording gets there. */
static struct {
  size_t start, end, resume;
} early[16];
static u32 nearly;
u64 event_reordered;

static size_t op_length(size_t at) {
  switch (stream[at]) {
    case OP_ENTER:
    case OP_INTRINSIC:
    case OP_CALL:
      return 3 + stream[at + 2];
    case OP_WRITE:
    case OP_READ:
      return 3 + (stream[at + 2] + 7) / 8;
    case OP_LEAVE:
    case OP_FILL:
      return 4;
    case OP_RESULT:
      return 3;
    default:
      return 2;
  }
}

/* End of the call that starts here, or 0 when it has an effect. */
static size_t end_of_pure(size_t at) {
  int nesting = 0;
  while (at < length) {
    u64 op = stream[at];
    if (op == OP_ENTER || op == OP_INTRINSIC) nesting++;
    else if (op == OP_LEAVE || op == OP_RESULT) nesting--;
    else if (op != OP_READ) return 0;
    at += op_length(at);
    if (nesting == 0) return at;
    if (nesting < 0) return 0;
  }
  return 0;
}

static void pass_early(void) {
  for (u32 i = 0; i < nearly; i++)
    if (early[i].start == position && early[i].end) {
      position = early[i].end;
      i = -1;
    }
}

/* Makes the recording go on at a later call of the same operands when native code makes that one first. */
static void look_ahead(u64 op, u64 id, struct function *f, const u64 *regs, const u64 *on_stack) {
  pass_early();
  u64 native;
  if (position < length && stream[position] == op && stream[position + 1] == id && first_difference(f, position, regs, on_stack, &native) < 0) return;
  size_t at = position;
  for (int siblings = 0; siblings < 6; siblings++) {
    if (at >= length || (stream[at] != OP_ENTER && stream[at] != OP_INTRINSIC)) return;
    size_t end = end_of_pure(at);
    if (!end) return;
    if (siblings > 0 && stream[at] == op && stream[at + 1] == id && first_difference(f, at, regs, on_stack, &native) < 0) {
      int known = 0;
      for (u32 i = 0; i < nearly; i++) known |= early[i].start == at;
      if (!known) {
        if (nearly >= 16) nearly = 0;
        early[nearly].start = at;
        early[nearly].end = end;
        early[nearly++].resume = position;
        event_reordered++;
        position = at;
        return;
      }
    }
    at = end;
  }
}

/* After a call that came too early the recording goes on where it was. */
static void after_call(void) {
  for (u32 i = 0; i < nearly; i++)
    if (early[i].resume && early[i].end == position) {
      position = early[i].resume;
      early[i].resume = 0;
    }
  pass_early();
}

static void at_limit(void) {
  if (position < length && stream[position] == OP_LIMIT) stop(2);
}

/* ---- calls --------------------------------------------------------------------------------------------------------------- */

static struct {
  u64 address;
  int id;
  u32 stacks;
} returns[2048];
static int depth;

struct entry_frame {
  u64 r11, r10, r9, r8, rcx, rdx, rsi, rdi, rax, fentry_return, caller, on_stack[];
};

__attribute__((used)) void twin_enter(struct entry_frame *frame) {
  if (!in_event) die("native code runs outside of an event");
  int id = function_of_entry(frame->fentry_return - 5);
  at_limit();
  if (id < 0) differ("native calls %s, which the machine never called; machine: %s", name_of_entry(frame->fentry_return), op_text(position));
  struct function *f = &functions[id];
  u64 regs[6] = {frame->rdi, frame->rsi, frame->rdx, frame->rcx, frame->r8, frame->r9};
  look_ahead(OP_ENTER, id, f, regs, frame->on_stack);
  if (position >= length || stream[position] != OP_ENTER || stream[position + 1] != (u64)id)
    differ("native calls %s, machine: %s", f->name, op_text(position));
  size_t entry = position;
  check_arguments(f, regs, frame->on_stack);
  if (f->arithmetic == 1) frame->rdi = stream[entry + 3];
  if (f->arithmetic == 2 && translate(stream[entry + 4]) != stream[entry + 4]) frame->rsi = stream[entry + 4];
  if (depth >= 2048) differ("native calls nest too deeply in %s", f->name);
  returns[depth].address = frame->caller;
  returns[depth].stacks = nstacks;
  returns[depth++].id = id;
  frame->caller = (u64)twin_return;
}

__attribute__((used)) u64 twin_leave(u64 value) {
  at_limit();
  struct function *f = &functions[returns[--depth].id];
  if (position >= length || stream[position] != OP_LEAVE || stream[position + 1] != (u64)returns[depth].id)
    differ("native returns from %s with 0x%llx, machine: %s", f->name, (unsigned long long)value, op_text(position));
  if (stream[position + 2] && f->returns && !equal_values(stream[position + 3], value, f->returns))
    differ("result of %s: machine 0x%llx, native 0x%llx", f->name, (unsigned long long)stream[position + 3], (unsigned long long)value);
  position += 4;
  event_ops++;
  nstacks = returns[depth].stacks;
  after_call();
  return returns[depth].address;
}

typedef u64 target(u64, u64, u64, u64, u64, u64, u64, u64, u64, u64);

static u64 call(u64 id, const u64 *args, u64 count) {
  u64 a[10] = {0};
  for (u64 i = 0; i < count && i < 10; i++) {
    u64 v = translate(args[i]);
    a[i] = is_machine_stack(v) ? counterpart(v) : v;
  }
  return ((target *)(TEXT_BASE + 16 * id))(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]);
}

static void check_read(struct function *f, u64 address, u64 size, const u8 *bytes) {
  u64 at = counterpart(translate(address));
  /* Lists of variadic arguments are made differently. */
  if (is_machine_stack(translate(address)) && strstr(f->name, "print")) return;
  for (u64 i = 0; i < size; i += 8) {
    u64 machine = 0, native = 0, part = size - i < 8 ? size - i : 8;
    if (!is_mapped(at + i) && !is_own_stack(at + i)) differ("an intrinsic reads 0x%llx, which is not there", (unsigned long long)address + i);
    memcpy(&machine, bytes + i, part);
    memcpy(&native, (void *)(at + i), part);
    if (part == 8 ? !equal_pointers(translate(machine), native) && machine != native : machine != native)
      differ("the intrinsic reads %llu bytes at 0x%llx: machine 0x%llx, native 0x%llx", (unsigned long long)part,
             (unsigned long long)address + i, (unsigned long long)machine, (unsigned long long)native);
    if (is_machine_stack(translate(machine)) && part == 8) learn(translate(machine), native);
  }
}

static void write_bytes(u64 address, u64 size, const u8 *bytes) {
  u64 at = counterpart(translate(address));
  if (!at || (!is_mapped(at) && !is_own_stack(at))) differ("an intrinsic writes 0x%llx, which is not there", (unsigned long long)address);
  if ((at & 7) || (size & 7)) {
    memcpy((void *)at, bytes, size);
    return;
  }
  for (u64 i = 0; i < size; i += 8) {
    u64 v;
    memcpy(&v, bytes + i, 8);
    v = translate(v);
    if (is_machine_stack(v) && counterpart(v)) v = counterpart(v);
    memcpy((void *)(at + i), &v, 8);
  }
}

/* The machine's intrinsic at this place: same function, same arguments; then what it did is done here. */
__attribute__((used)) u64 twin_intrinsic(u64 id, u64 *frame) {
  struct function *f = &functions[id];
  if (!in_event) die("%s runs outside of an event", f->name);
  at_limit();
  look_ahead(OP_INTRINSIC, id, f, frame, frame + 7);
  if (position >= length || stream[position] != OP_INTRINSIC || stream[position + 1] != id)
    differ("native calls %s, machine: %s", f->name, op_text(position));
  check_arguments(f, frame, frame + 7);
  for (;;) {
    if (position >= length) differ("the recording ends in %s", f->name);
    const u64 *op = stream + position;
    switch (op[0]) {
      case OP_WRITE:
        write_bytes(op[1], op[2], (const u8 *)(op + 3));
        position += 3 + (op[2] + 7) / 8;
        break;
      case OP_READ:
        check_read(f, op[1], op[2], (const u8 *)(op + 3));
        position += 3 + (op[2] + 7) / 8;
        break;
      case OP_FILL: {
        u64 at = counterpart(translate(op[1]));
        if (!at) differ("%s fills an unknown local", f->name);
        memset((void *)at, (int)op[3], op[2]);
        position += 4;
        break;
      }
      case OP_CALL:
        position += 3 + op[2];
        call(op[1], op + 3, op[2]);
        break;
      case OP_RESULT: {
        position += 3;
        event_ops++;
        after_call();
        u64 v = translate(op[2]);
        return is_machine_stack(v) ? counterpart(v) : v;
      }
      case OP_LIMIT:
        stop(2);
      case OP_FAULT:
        stop(0);
      default:
        differ("inside %s the machine goes on with %s", f->name, op_text(position));
    }
  }
}

__attribute__((used)) void twin_unresolved(const char *name) {
  at_limit();
  differ("native calls %s, which the machine never named; machine: %s", name, op_text(position));
}

__attribute__((used)) void twin_missing(u64 id) {
  at_limit();
  differ("native calls %s, which has no native body; machine: %s", functions[id].name, op_text(position));
}

#define SWITCH_STACK "push %rbx\n mov %rsp, %rbx\n and $-16, %rsp\n"
#define SWITCH_BACK "mov %rbx, %rsp\n pop %rbx\n"
__asm__(".globl __fentry__\n__fentry__:\n"
        "push %rax\n push %rdi\n push %rsi\n push %rdx\n push %rcx\n push %r8\n push %r9\n push %r10\n push %r11\n"
        "mov %rsp, %rdi\n" SWITCH_STACK "cld\n call twin_enter\n" SWITCH_BACK
        "pop %r11\n pop %r10\n pop %r9\n pop %r8\n pop %rcx\n pop %rdx\n pop %rsi\n pop %rdi\n pop %rax\n ret\n"
        ".globl twin_return\ntwin_return:\n"
        "sub $8, %rsp\n push %rax\n push %rdx\n mov %rax, %rdi\n" SWITCH_STACK "cld\n call twin_leave\n" SWITCH_BACK
        "mov %rax, 16(%rsp)\n pop %rdx\n pop %rax\n ret\n"
        ".globl twin_intrinsic_entry\ntwin_intrinsic_entry:\n"
        "push %r9\n push %r8\n push %rcx\n push %rdx\n push %rsi\n push %rdi\n"
        "mov %eax, %edi\n mov %rsp, %rsi\n" SWITCH_STACK "cld\n call twin_intrinsic\n" SWITCH_BACK
        "pop %rdi\n pop %rsi\n pop %rdx\n pop %rcx\n pop %r8\n pop %r9\n ret\n"
        ".globl twin_missing_entry\ntwin_missing_entry:\n mov %eax, %edi\n and $-16, %rsp\n cld\n call twin_missing\n"
        ".globl twin_unresolved_entry\ntwin_unresolved_entry:\n mov %rax, %rdi\n and $-16, %rsp\n cld\n call twin_unresolved\n");

void twin_missing_entry(void);
void __fentry__(void);

/* movabs $value, %rax (or mov $value, %eax); jmp target */
static void write_jump(u8 *at, u64 value, void (*to)(void)) {
  at[0] = 0xb8;
  *(u32 *)(at + 1) = (u32)value;
  at[5] = 0xe9;
  *(u32 *)(at + 6) = (u32)((u64)to - (u64)(at + 10));
}

static u8 *stub_area;
static size_t stubs_used;
u64 unresolved_stub(const char *name) {
  if (!strcmp(name, "__fentry__")) return (u64)__fentry__;
  if (!strncmp(name, "twin_", 5)) return 0;
#define PLAIN(n) if (!strcmp(name, #n) || !strcmp(name, "__" #n)) return (u64)n;
  PLAIN(memcpy)
  PLAIN(memmove)
  PLAIN(memset)
  PLAIN(memcmp)
  PLAIN(strlen)
  if (!stub_area) {
    stub_area = mmap((void *)(CODE_BASE + CODE_SIZE), 1 << 20, PROT_READ | PROT_WRITE | PROT_EXEC,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  }
  u8 *at = stub_area + 16 * stubs_used++;
  if (stubs_used * 16 > 1 << 20) die("too many unresolved names");
  /* The name may lie anywhere: movabs needs 10 bytes, jmp 5. */
  at[0] = 0x48;
  at[1] = 0xb8;
  *(u64 *)(at + 2) = (u64)name;
  at[10] = 0xe9;
  *(u32 *)(at + 11) = (u32)((u64)twin_unresolved_entry - (u64)(at + 15));
  return (u64)at;
}

static void plain(u8 *at, u64 to) {
  at[0] = 0xe9;
  *(u32 *)(at + 1) = (u32)(to - (u64)(at + 5));
}

static void twin_nothing(void) {}
static void *twin_set16(u16 *p, u64 v, size_t n) {
  for (size_t i = 0; i < n; i++) p[i] = v;
  return p;
}
static void *twin_set32(u32 *p, u64 v, size_t n) {
  for (size_t i = 0; i < n; i++) p[i] = v;
  return p;
}
static void *twin_set64(u64 *p, u64 v, size_t n) {
  for (size_t i = 0; i < n; i++) p[i] = v;
  return p;
}
static void twin_clear(void *p) { memset(p, 0, 4096); }
static void twin_copy(void *to, void *from) { memcpy(to, from, 4096); }

static u64 plain_body(const char *name) {
  if (!strncmp(name, "__builtin_", 10)) name += 10;
  while (*name == '_') name++;
  if (!strcmp(name, "memcpy") || !strcmp(name, "memcpy_flushcache")) return (u64)memcpy;
  if (!strcmp(name, "memmove")) return (u64)memmove;
  if (!strcmp(name, "memset")) return (u64)memset;
  if (!strcmp(name, "memset16")) return (u64)twin_set16;
  if (!strcmp(name, "memset32")) return (u64)twin_set32;
  if (!strcmp(name, "memset64")) return (u64)twin_set64;
  if (!strcmp(name, "clear_page")) return (u64)twin_clear;
  if (!strcmp(name, "copy_page")) return (u64)twin_copy;
  if (!strcmp(name, "strlen")) return (u64)strlen;
  return (u64)twin_nothing;
}

static int is_xarray(const char *name) {
  static const char *const names[] = {"xa_load", "xa_erase", "xa_store", "xa_insert", "xa_store_range"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(name, names[i])) return 1;
  return 0;
}

void make_trampolines(void) {
  static u8 *area;
  if (!area) {
    area = mmap((void *)TEXT_BASE, 16 * MAX_FUNCTIONS, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (area != (u8 *)TEXT_BASE) die("no room for trampolines");
  }
  for (u64 id = 0; id < MAX_FUNCTIONS; id++) {
    struct function *f = &functions[id];
    if (!f->known) continue;
    u8 *at = area + 16 * id;
    /* Functions that reckon with an address as a number get the machine's number. */
    f->arithmetic = !strcmp(f->name, "hash_64_generic") ? 1 : is_xarray(f->name) ? 2 : 0;
    if (f->kind == KIND_INTRINSIC) write_jump(at, id, twin_intrinsic_entry);
    else if (f->kind == KIND_PLAIN) plain(at, plain_body(f->name));
    else if (f->kind == KIND_INTERPRETED && f->body) plain(at, f->body);
    else write_jump(at, id, twin_missing_entry);
  }
}

/* ---- faults ---------------------------------------------------------------------------------------------------------------- */

static void on_signal(int signo, siginfo_t *info, void *context) {
  ucontext_t *c = context;
  u64 pc = c->uc_mcontext.gregs[REG_RIP];
  if (!in_event) {
    signal(signo, SIG_DFL);
    return;
  }
  if (signo == SIGILL && is_mapped(pc) && ((u8 *)pc)[0] == 0x0f && ((u8 *)pc)[1] == 0x0b && trap_kind(pc) == 1) {
    c->uc_mcontext.gregs[REG_RIP] = pc + 2;
    return;
  }
  if (position < length && stream[position] == OP_LIMIT) stop(2);
  u64 expected = position + 1 < length ? translate(stream[position + 1]) : 0;
  if (position < length && stream[position] == OP_FAULT) {
    if (signo == SIGILL || signo == SIGFPE) stop(0);
    /* A non-canonical address is reported as 0. */
    if ((u64)info->si_addr == expected || info->si_addr == NULL || is_same_distance(stream[position + 1], (u64)info->si_addr)) stop(0);
  }
  differ("native gets signal %d at 0x%llx in %s, machine: %s", signo, (unsigned long long)(u64)info->si_addr, name_of_entry(pc), op_text(position));
}

void run_event(u64 id, const u64 *args, u64 count, const u64 *recording, size_t words) {
  static u8 *signal_stack;
  if (!stack) {
    stack = mmap((void *)0x50000000ull, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    signal_stack = mmap(NULL, 1 << 18, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t alternative = {.ss_sp = signal_stack, .ss_size = 1 << 18};
    sigaltstack(&alternative, NULL);
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGILL, &action, NULL);
    sigaction(SIGFPE, &action, NULL);
    sigaction(SIGTRAP, &action, NULL);
  }
  stream = recording;
  length = words;
  position = 0;
  depth = 0;
  nstacks = 0;
  nearly = 0;
  event_reordered = 0;
  event_ops = 0;
  event_state = 0;
  event_text[0] = 0;
  struct function *f = &functions[id];
  if (sigsetjmp(leave_event, 1) == 0) {
    in_event = 1;
    u64 a[6] = {0};
    for (u64 i = 0; i < count && i < 6; i++) a[i] = i < f->nparams && (f->bits[i] & 63) ? args[i] : translate(args[i]);
    u64 target_address = TEXT_BASE + 16 * id, top = (u64)stack + STACK_SIZE - 256;
    register u64 r8 __asm__("r8") = a[4];
    register u64 r9 __asm__("r9") = a[5];
    __asm__ volatile("mov %%rsp, %%r12\n mov %2, %%rsp\n call *%3\n mov %%r12, %%rsp\n"
                     : "+r"(r8), "+r"(r9)
                     : "r"(top), "r"(target_address), "D"(a[0]), "S"(a[1]), "d"(a[2]), "c"(a[3])
                     : "rax", "r10", "r11", "r12", "memory", "cc");
    if (position >= length || stream[position] != OP_END) {
      at_limit();
      differ("native ends, machine: %s", op_text(position));
    }
  }
  in_event = 0;
}
