/* The native side of the twin: takes objects, worlds and events over standard input, answers each event with one line. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <unistd.h>
#include "twin.h"

void die(const char *format, ...) {
  va_list list;
  va_start(list, format);
  printf("die ");
  vprintf(format, list);
  printf("\n");
  fflush(stdout);
  _exit(1);
}

/* ---- messages -------------------------------------------------------------------------------------------------------------- */

static u8 *message;
static size_t message_size, at;

static void read_all(void *to, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t n = read(0, (u8 *)to + done, size - done);
    if (n <= 0) _exit(0);
    done += n;
  }
}

static u64 next(void) {
  u64 v;
  if (at + 8 > message_size) die("message is too short");
  memcpy(&v, message + at, 8);
  at += 8;
  return v;
}

static char *next_text(void) {
  u64 n = next();
  char *text = calloc(1, n + 1);
  memcpy(text, message + at, n);
  at += (n + 7) & ~7ull;
  return text;
}

static u8 *next_bytes(size_t size) {
  u8 *p = message + at;
  at += (size + 7) & ~7ull;
  return p;
}

/* ---- pages ------------------------------------------------------------------------------------------------------------------- */

struct page {
  u64 address;
  u8 initial[4096];
  int of_world, checked;
};
#define SLOTS (1 << 16)
static struct page *pages[SLOTS];
static u32 order[SLOTS];
static u32 npages;

static struct page *page_at(u64 address) {
  address &= ~4095ull;
  for (u32 i = (u32)((address >> 12) * 2654435761u) % SLOTS;; i = (i + 1) % SLOTS) {
    if (!pages[i]) return NULL;
    if (pages[i]->address == address) return pages[i];
  }
}

int is_mapped(u64 address) {
  return page_at(address) != NULL || in_own_data(address);
}

static struct page *make_page(u64 address, int of_world) {
  struct page *p = page_at(address);
  if (!p) {
    if (npages * 2 > SLOTS) die("too many pages");
    p = malloc(sizeof *p);
    u32 i = (u32)((address >> 12) * 2654435761u) % SLOTS;
    while (pages[i]) i = (i + 1) % SLOTS;
    pages[i] = p;
    order[npages++] = i;
    /* The trampolines are ours. */
    if ((address < TEXT_BASE || address >= TEXT_BASE + 16 * MAX_FUNCTIONS) &&
        mmap((void *)address, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void *)address)
      die("cannot map 0x%llx: %s", (unsigned long long)address, strerror(errno));
  }
  p->address = address;
  p->of_world = of_world;
  p->checked = 0;
  return p;
}

static void set_page(u64 address, const u8 *bytes, int of_world) {
  struct page *p = make_page(translate(address), of_world);
  u64 words[512];
  memcpy(words, bytes, 4096);
  for (int i = 0; i < 512; i++) words[i] = translate(words[i]);
  memcpy(p->initial, words, 4096);
  memcpy((void *)p->address, words, 4096);
}

/* Pages hash by open addressing, so a part of them leaves by making the table anew. */
static void drop_pages(int world_too) {
  static struct page *kept[SLOTS];
  u32 n = 0;
  for (u32 i = 0; i < npages; i++) {
    struct page *p = pages[order[i]];
    pages[order[i]] = NULL;
    if (p->of_world && !world_too) kept[n++] = p;
    else {
      munmap((void *)p->address, 4096);
      free(p);
    }
  }
  npages = 0;
  for (u32 k = 0; k < n; k++) {
    u32 i = (u32)((kept[k]->address >> 12) * 2654435761u) % SLOTS;
    while (pages[i]) i = (i + 1) % SLOTS;
    pages[i] = kept[k];
    order[npages++] = i;
  }
}

/* ---- comparing memory -------------------------------------------------------------------------------------------------------- */

static u64 bytes_compared;

static int explain(u64 address, u64 machine, u64 native) {
  snprintf(event_text, sizeof event_text, "memory at 0x%llx: machine 0x%llx, native 0x%llx", (unsigned long long)address,
           (unsigned long long)machine, (unsigned long long)native);
  event_state = 1;
  return 0;
}

/* One page as the machine left it; bytes that it knows nothing of are not compared. */
static int check_final(u64 address, const u8 *bytes, const u8 *shadow) {
  u64 here = translate(address);
  struct page *p = page_at(here);
  if (!p) return explain(address, 0, 0);
  p->checked = 1;
  for (int i = 0; i < 4096; i += 8) {
    u64 machine, native, known;
    memcpy(&machine, bytes + i, 8);
    memcpy(&native, (void *)(here + i), 8);
    memcpy(&known, shadow + i, 8);
    if (known == 0) {
      bytes_compared += 8;
      if (!equal_pointers(translate(machine), native) && machine != native) return explain(address + i, machine, native);
      continue;
    }
    for (int k = 0; k < 8; k++) {
      if (shadow[i + k]) continue;
      bytes_compared++;
      if ((u8)(machine >> (8 * k)) != (u8)(native >> (8 * k)) && (u8)(translate(machine) >> (8 * k)) != (u8)(native >> (8 * k)))
        return explain(address + i, machine, native);
    }
  }
  return 1;
}

static int check_untouched(void) {
  for (u32 i = 0; i < npages; i++) {
    struct page *p = pages[order[i]];
    if (p->checked || !memcmp(p->initial, (void *)p->address, 4096)) continue;
    for (int k = 0; k < 4096; k += 8)
      if (memcmp(p->initial + k, (void *)(p->address + k), 8) && !equal_pointers(*(u64 *)(p->initial + k), *(u64 *)(p->address + k)))
        return explain(p->address + k, *(u64 *)(p->initial + k), *(u64 *)(p->address + k));
  }
  return 1;
}

/* ---- what is asked ------------------------------------------------------------------------------------------------------------- */

static void take_functions(void) {
  for (u64 n = next(); n > 0; n--) {
    struct function *f = &functions[next() % MAX_FUNCTIONS];
    f->known = 1;
    f->kind = next();
    f->returns = (int16_t)next();
    f->nparams = next();
    for (int i = 0; i < f->nparams; i++) {
      u64 v = next();
      if (i >= 16) continue;
      f->loc[i] = v & 255;
      f->bits[i] = (int16_t)(v >> 8);
    }
    if (f->nparams > 16) f->nparams = 16;
    f->name = next_text();
    f->unit = next_text();
  }
  for (u64 n = next(); n > 0; n--) {
    char *name = next_text(), *unit = next_text();
    define_object(unit, name, next());
    free(name);
    free(unit);
  }
  for (u64 n = next(); n > 0; n--) {
    u64 address = next(), size = next();
    define_text(address, next_bytes(size), size);
  }
}

static void take_world(void) {
  drop_pages(1);
  for (u64 n = next(); n > 0; n--) {
    u64 address = next();
    set_page(address, next_bytes(4096), 1);
  }
}

static void take_event(void) {
  u64 id = next(), count = next();
  u64 *args = (u64 *)next_bytes(8 * count);
  for (u64 n = next(); n > 0; n--) {
    u64 address = next();
    set_page(address, next_bytes(4096), 0);
  }
  static const u8 zero[4096];
  for (u64 n = next(); n > 0; n--) set_page(next(), zero, 0);
  u64 words = next();
  u64 *stream = (u64 *)next_bytes(8 * words);
  run_event(id, args, count, stream, words);
  u64 compared = next();
  bytes_compared = 0;
  for (u32 i = 0; i < npages; i++) pages[order[i]]->checked = 0;
  int good = event_state == 0;
  for (u64 n = compared; n > 0; n--) {
    u64 address = next();
    u8 *bytes = next_bytes(4096), *shadow = next_bytes(4096);
    if (good) good = check_final(address, bytes, shadow);
  }
  if (good) check_untouched();
  printf("%s %llu %llu %llu %s\n", event_state == 0 ? "same" : event_state == 1 ? "different" : "limit", (unsigned long long)event_ops,
         (unsigned long long)bytes_compared, (unsigned long long)event_reordered, event_text);
  drop_pages(0);
  for (u32 i = 0; i < npages; i++) {
    struct page *p = pages[order[i]];
    if (memcmp((void *)p->address, p->initial, 4096)) memcpy((void *)p->address, p->initial, 4096);
  }
  reset_own_data();
}

int main(int argc, char **argv) {
  (void)argc;
  /* Addresses of the world must be free. */
  if (!(personality(0xffffffff) & ADDR_NO_RANDOMIZE)) {
    personality(personality(0xffffffff) | ADDR_NO_RANDOMIZE);
    execv("/proc/self/exe", argv);
  }
  for (;;) {
    u64 head[2];
    read_all(head, sizeof head);
    if (head[1] > message_size || !message) message = realloc(message, head[1] + 8);
    message_size = head[1];
    read_all(message, message_size);
    at = 0;
    switch (head[0]) {
      case 1:
        take_functions();
        break;
      case 2: {
        char *unit = next_text(), *path = next_text();
        load_object(unit, path);
        free(unit);
        free(path);
        break;
      }
      case 3:
        relocate();
        break;
      case 4:
        take_world();
        break;
      case 5:
        take_event();
        break;
      default:
        die("unknown message %llu", (unsigned long long)head[0]);
    }
    if (head[0] == 3) printf("ready\n");
    fflush(stdout);
  }
}
