/* Loads relocatable objects at fixed addresses and binds their symbols to the machine's objects and functions. */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "twin.h"

struct unit {
  char *path;
  u8 *file;
  Elf64_Shdr *sections;
  int nsections;
  u64 *addresses; /* of sections, 0 when not loaded */
  Elf64_Sym *symbols;
  int nsymbols;
  const char *names;
  u64 *resolved, *called; /* of symbols: as an address, as the target of a call */
};

struct own_data {
  u64 address, size;
  u8 *initial;
};

struct bug {
  u64 address;
  u16 flags;
};

static struct unit *units;
static int nunits;
static u64 next_code = CODE_BASE;
static u32 *entry_function; /* function number + 1 by code offset */
static struct own_data *own;
static int nown;
static struct bug *bugs;
static int nbugs;

/* ---- tables by name ------------------------------------------------------------------------------------------------ */

struct entry {
  const char *unit, *name;
  u64 value;
  struct entry *next;
};
#define BUCKETS 65536
static struct entry *objects[BUCKETS], *function_ids[BUCKETS], *stubs[BUCKETS];

static u32 hash(const char *unit, const char *name) {
  u32 h = 2166136261u;
  for (; *unit; unit++) h = (h ^ (u8)*unit) * 16777619u;
  for (; *name; name++) h = (h ^ (u8)*name) * 16777619u;
  return h % BUCKETS;
}

static struct entry *find(struct entry **table, const char *unit, const char *name) {
  for (struct entry *e = table[hash(unit, name)]; e; e = e->next)
    if (!strcmp(e->name, name) && !strcmp(e->unit, unit)) return e;
  return NULL;
}

static void add(struct entry **table, const char *unit, const char *name, u64 value) {
  struct entry *e = find(table, unit, name);
  if (!e) {
    u32 h = hash(unit, name);
    e = calloc(1, sizeof *e);
    *e = (struct entry){strdup(unit), strdup(name), 0, table[h]};
    table[h] = e;
  }
  e->value = value;
}

void define_object(const char *unit, const char *name, u64 address) { add(objects, unit, name, translate(address)); }

/* ---- string literals --------------------------------------------------------------------------------------------------- */

struct text {
  u64 address, size;
  u8 *bytes;
  struct text *next;
};
static struct text *texts[BUCKETS];

void define_text(u64 address, const u8 *bytes, u64 size) {
  struct text *t = malloc(sizeof *t);
  u32 h = (translate(address) >> 3) % BUCKETS;
  *t = (struct text){translate(address), size, malloc(size), texts[h]};
  memcpy(t->bytes, bytes, size);
  texts[h] = t;
}

const u8 *text_at(u64 address, u64 *size) {
  /* A pointer may go into a literal, but hardly far. */
  for (u64 back = 0; back < 256; back++)
    for (struct text *t = texts[((address - back) >> 3) % BUCKETS]; t; t = t->next)
      if (t->address == address - back && back < t->size) {
        *size = t->size - back;
        return t->bytes + back;
      }
  return NULL;
}

/* ---- objects --------------------------------------------------------------------------------------------------------- */

void load_object(const char *path_of_unit, const char *path) {
  int fd = open(path, O_RDONLY);
  struct stat st;
  if (fd < 0 || fstat(fd, &st)) die("cannot open %s", path);
  u8 *file = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);
  if (!entry_function) {
    if (mmap((void *)CODE_BASE, CODE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) !=
        (void *)CODE_BASE)
      die("no room for code");
    entry_function = mmap(NULL, CODE_SIZE * sizeof(u32), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }
  units = realloc(units, (nunits + 1) * sizeof *units);
  struct unit *u = &units[nunits++];
  Elf64_Ehdr *h = (Elf64_Ehdr *)file;
  *u = (struct unit){.path = strdup(path_of_unit), .file = file, .sections = (Elf64_Shdr *)(file + h->e_shoff), .nsections = h->e_shnum};
  u->addresses = calloc(u->nsections, sizeof(u64));
  for (int i = 0; i < u->nsections; i++) {
    Elf64_Shdr *s = &u->sections[i];
    if (s->sh_type == SHT_SYMTAB) {
      u->symbols = (Elf64_Sym *)(file + s->sh_offset);
      u->nsymbols = s->sh_size / sizeof(Elf64_Sym);
      u->names = (char *)file + u->sections[s->sh_link].sh_offset;
    }
    if (!(s->sh_flags & SHF_ALLOC) || s->sh_size == 0) continue;
    u64 align = s->sh_addralign ? s->sh_addralign : 1;
    next_code = (next_code + align - 1) & ~(align - 1);
    u->addresses[i] = next_code;
    next_code += s->sh_size;
    if (next_code > CODE_BASE + CODE_SIZE) die("code is too large");
    if (s->sh_type != SHT_NOBITS) memcpy((void *)u->addresses[i], file + s->sh_offset, s->sh_size);
  }
  u->resolved = calloc(u->nsymbols, sizeof(u64));
  u->called = calloc(u->nsymbols, sizeof(u64));
}

static u64 own_address(struct unit *u, Elf64_Sym *s) {
  if (s->st_shndx == SHN_ABS) return s->st_value;
  if (s->st_shndx == SHN_UNDEF || s->st_shndx >= SHN_LORESERVE) return 0;
  return u->addresses[s->st_shndx] + s->st_value;
}

/* The machine's function of that name as this unit means it. */
static struct entry *function_named(struct unit *u, const char *name) {
  struct entry *e = find(function_ids, u->path, name);
  return e ? e : find(function_ids, "", name);
}

static void resolve_symbols(struct unit *u) {
  for (int i = 0; i < u->nsymbols; i++) {
    Elf64_Sym *s = &u->symbols[i];
    const char *name = u->names + s->st_name;
    u64 own_at = own_address(u, s);
    u->resolved[i] = u->called[i] = own_at;
    int type = ELF64_ST_TYPE(s->st_info);
    if (ELF64_ST_BIND(s->st_info) == STB_LOCAL) continue;
    if (type == STT_FUNC && own_at) {
      struct entry *e = function_named(u, name);
      if (!e) continue;
      struct function *f = &functions[e->value];
      /* Only the home of an external function gives it its body; a unit calls its own functions directly. */
      if (f->kind != KIND_INTERPRETED) {
        u->called[i] = u->resolved[i] = TEXT_BASE + 16 * e->value;
        continue;
      }
      if (!f->body || !f->unit[0]) f->body = own_at;
      entry_function[own_at - CODE_BASE] = e->value + 1;
      u->resolved[i] = TEXT_BASE + 16 * e->value;
      continue;
    }
    struct entry *o = find(objects, u->path, name);
    if (!o) o = find(objects, "", name);
    if (o) {
      u->resolved[i] = u->called[i] = o->value;
      continue;
    }
    if (own_at) continue;
    struct entry *e = function_named(u, name);
    if (e) u->resolved[i] = u->called[i] = TEXT_BASE + 16 * e->value;
    else {
      struct entry *stub = find(stubs, "", name);
      if (!stub) add(stubs, "", name, unresolved_stub(strdup(name))), stub = find(stubs, "", name);
      u->resolved[i] = u->called[i] = stub->value;
    }
  }
}

static void apply(struct unit *u, Elf64_Shdr *s) {
  u64 base = u->addresses[s->sh_info];
  if (!base) return;
  Elf64_Rela *r = (Elf64_Rela *)(u->file + s->sh_offset);
  for (size_t n = s->sh_size / sizeof *r; n > 0; n--, r++) {
    u64 at = base + r->r_offset;
    u32 i = ELF64_R_SYM(r->r_info);
    u64 value = u->resolved[i] + r->r_addend;
    switch (ELF64_R_TYPE(r->r_info)) {
      case R_X86_64_64:
        *(u64 *)at = value;
        break;
      case R_X86_64_PC32:
        *(u32 *)at = value - at;
        break;
      case R_X86_64_PLT32:
        *(u32 *)at = u->called[i] + r->r_addend - at;
        break;
      case R_X86_64_32:
      case R_X86_64_32S:
        *(u32 *)at = value;
        break;
      case R_X86_64_PC64:
        *(u64 *)at = value - at;
        break;
      case R_X86_64_16:
        *(u16 *)at = value;
        break;
      default:
        die("%s: relocation type %u of %s", u->path, (u32)ELF64_R_TYPE(r->r_info), u->names + u->symbols[i].st_name);
    }
  }
}

/* struct bug_entry with relative pointers and file names. */
static void read_bugs(struct unit *u, int section) {
  u64 at = u->addresses[section];
  for (u64 end = at + u->sections[section].sh_size; at + 12 <= end; at += 12) {
    bugs = realloc(bugs, (nbugs + 1) * sizeof *bugs);
    bugs[nbugs++] = (struct bug){at + *(int32_t *)at, *(u16 *)(at + 10)};
  }
}

static void note_own_data(u64 address, u64 size) {
  own = realloc(own, (nown + 1) * sizeof *own);
  own[nown] = (struct own_data){address, size, malloc(size)};
  memcpy(own[nown++].initial, (void *)address, size);
}

/* Binds every symbol to what the machine knows by now. */
void relocate(void) {
  memset(function_ids, 0, sizeof function_ids);
  for (u32 i = 0; i < MAX_FUNCTIONS; i++)
    if (functions[i].known) add(function_ids, functions[i].unit, functions[i].name, i);
  for (int i = 0; i < nown; i++) free(own[i].initial);
  nbugs = nown = 0;
  for (int k = 0; k < nunits; k++) resolve_symbols(&units[k]);
  for (int k = 0; k < nunits; k++) {
    struct unit *u = &units[k];
    for (int i = 0; i < u->nsections; i++)
      if (u->sections[i].sh_type == SHT_RELA) apply(u, &u->sections[i]);
    for (int i = 0; i < u->nsections; i++) {
      if (!u->addresses[i]) continue;
      Elf64_Shdr *s = &u->sections[i];
      const char *name = (char *)u->file + u->sections[((Elf64_Ehdr *)u->file)->e_shstrndx].sh_offset + s->sh_name;
      if (!strcmp(name, "__bug_table")) read_bugs(u, i);
      if (!(s->sh_flags & SHF_EXECINSTR)) note_own_data(u->addresses[i], s->sh_size);
    }
  }
  make_trampolines();
}

void reset_own_data(void) {
  for (int i = 0; i < nown; i++)
    if (memcmp((void *)own[i].address, own[i].initial, own[i].size)) memcpy((void *)own[i].address, own[i].initial, own[i].size);
}

int function_of_entry(u64 entry) {
  if (entry < CODE_BASE || entry >= CODE_BASE + CODE_SIZE) return -1;
  return (int)entry_function[entry - CODE_BASE] - 1;
}

/* Slow: only for messages. */
const char *name_of_entry(u64 entry) {
  const char *best = "?";
  u64 nearest = 0;
  for (int k = 0; k < nunits; k++) {
    struct unit *u = &units[k];
    for (int i = 0; i < u->nsymbols; i++) {
      if (ELF64_ST_TYPE(u->symbols[i].st_info) != STT_FUNC) continue;
      u64 at = own_address(u, &u->symbols[i]);
      if (at && at <= entry && at > nearest) {
        nearest = at;
        best = u->names + u->symbols[i].st_name;
      }
    }
  }
  return best;
}

int trap_kind(u64 address) {
  for (int i = 0; i < nbugs; i++)
    if (bugs[i].address == address) return bugs[i].flags & 1;
  return -1;
}

int in_own_data(u64 address) { return address >= CODE_BASE && address < next_code; }
