/* What the parts of the native twin share: address translation, the table of functions and objects, the event being replayed. */
#ifndef TWIN_H
#define TWIN_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;

/* Operations of a recording; see test/tools/twin/recording.ts. */
enum {
  OP_ENTER = 1,
  OP_LEAVE,
  OP_INTRINSIC,
  OP_RESULT,
  OP_WRITE,
  OP_READ,
  OP_CALL,
  OP_END,
  OP_FAULT,
  OP_FILL,
  OP_LIMIT
};

enum { KIND_INTERPRETED, KIND_INTRINSIC, KIND_PLAIN, KIND_OTHER };
/* Where an argument travels: 0-5 register, 6 and more a stack slot, SKIP not comparable. */
#define SKIP 255

struct function {
  char *name, *unit; /* unit is "" for external functions */
  u8 kind, known, nparams, arithmetic;
  int16_t returns; /* bits, negative when signed, 0 for void */
  u8 loc[16];
  int16_t bits[16];
  u64 body; /* native address, 0 when there is none */
};

#define MAX_FUNCTIONS 65536
extern struct function functions[MAX_FUNCTIONS];

/* Machine addresses live in the kernel's half; the twin keeps the same distances in the user's half. */
#define IMAGE_BASE 0x20000000ull
#define CODE_BASE 0x40000000ull
#define CODE_SIZE 0x08000000ull
#define TEXT_BASE (IMAGE_BASE + 0x01000000ull)

#define IMAGE_DELTA (IMAGE_BASE - 0xffffffff80000000ull)

/* Only what lies in a region of the machine is an address: a bitmap or a mask may have as many leading ones. */
static inline u64 translate(u64 v) {
  u32 hi = v >> 32, lo = (u32)v;
  if ((hi >> 8 == 0xffff88 && (hi & 0xff) >= 0x80) || hi >> 8 == 0xffffc9 || hi >> 8 == 0xffffea) return v & 0x7fffffffffffull;
  if (hi == 0xffffffffu && lo > 0x81000000u && lo < 0x98000000u) return (u64)(lo - 0x80000000u) + IMAGE_BASE;
  return v;
}

/* Stacks of the machine's tasks, translated. */
static inline int is_machine_stack(u64 translated) { return translated >> 32 == 0x4900; }

/* loader.c */
void load_object(const char *unit, const char *path);
void define_object(const char *unit, const char *name, u64 address);
void define_text(u64 address, const u8 *bytes, u64 size);
/* The literal at a translated address, or NULL. */
const u8 *text_at(u64 address, u64 *size);
void relocate(void);
void reset_own_data(void);
int function_of_entry(u64 entry);
const char *name_of_entry(u64 entry);
/* 1 warning, 0 bug, -1 no entry */
int trap_kind(u64 address);
int in_own_data(u64 address);

/* replay.c */
void make_trampolines(void);
void run_event(u64 id, const u64 *args, u64 count, const u64 *stream, size_t words);
/* 0 agreed, 1 different, 2 agreed up to a limit of the machine */
extern int event_state;
extern char event_text[4096];
extern u64 event_ops, event_reordered;
int equal_pointers(u64 machine_translated, u64 native);
void differ(const char *format, ...);
u64 unresolved_stub(const char *name);

/* main.c */
void die(const char *format, ...);
int is_mapped(u64 address);
#endif
