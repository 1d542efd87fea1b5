// lib/string.c, arch/x86/lib: memory and string functions, done by the machine's memory with the same checks.
import { intrinsic, intrinsics, type KernelIntrinsic } from '../model.ts';

const why = 'asm on x86; done at once by the machine, with bounds checked';
/** The checking inline function of a header calls the real one under another name. */
const FORTIFIED = 'behind CONFIG_FORTIFY_SOURCE; done at once by the machine, with bounds checked';
const ARCH = 'arch/x86/lib/memcpy_64.S';

export const stringIntrinsics: readonly KernelIntrinsic[] = [
  ...intrinsics(
    ['memcpy', '__memcpy', 'memmove', '__memmove', '__builtin_memcpy', '__builtin_memmove', 'memcpy_flushcache', '__memcpy_flushcache'].map(
      (n) => `void *${n}(void *to, const void *from, size_t len)`,
    ),
    ARCH,
    why,
    (call) => {
      call.machine.memory.copy(call.u64(0), call.u64(1), Number(call.u64(2)));
      return call.u64(0);
    },
  ),
  ...intrinsics(
    ['memset', '__memset', '__builtin_memset'].map((n) => `void *${n}(void *s, int c, size_t count)`),
    'arch/x86/lib/memset_64.S',
    why,
    (call) => {
      call.machine.memory.fill(call.u64(0), Number(call.u64(2)), call.u32(1));
      return call.u64(0);
    },
  ),
  ...intrinsics(
    ['memset16', 'memset32', 'memset64'].map((n) => `void *${n}(void *s, u64 v, size_t n)`),
    'arch/x86/include/asm/string_64.h',
    why,
    (call) => {
      const width = Number(call.name.slice(6)) / 8;
      for (let i = 0n; i < call.u64(2); i++)
        call.machine.memory.writeUnsigned(call.u64(0) + i * BigInt(width), width, BigInt.asUintN(width * 8, call.u64(1)));
      return call.u64(0);
    },
  ),
  intrinsic('void clear_page(void *page)', 'arch/x86/include/asm/page_64.h', why, (call) => {
    call.machine.memory.fill(call.u64(0), 4096, 0);
    return undefined;
  }),
  intrinsic('void copy_page(void *to, void *from)', 'arch/x86/include/asm/page_64.h', why, (call) => {
    call.machine.memory.copy(call.u64(0), call.u64(1), 4096);
    return undefined;
  }),
  ...intrinsics(
    ['int memcmp(const void *p, const void *q, size_t size)', 'int __builtin_memcmp(const void *p, const void *q, size_t size)'],
    'lib/string.c',
    FORTIFIED,
    (call) => {
      const size = Number(call.u64(2));
      const [a, b] = [call.machine.memory.readBytes(call.u64(0), size), call.machine.memory.readBytes(call.u64(1), size)];
      const at = a.findIndex((byte, i) => byte !== b[i]);
      return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
    },
  ),
  ...intrinsics(
    ['void *memchr(const void *p, int c, size_t size)', 'void *__builtin_memchr(const void *p, int c, size_t size)'],
    'lib/string.c',
    FORTIFIED,
    (call) => {
      const { memory } = call.machine;
      for (let at = call.u64(0); at < call.u64(0) + call.u64(2); at++) if (memory.readU8(at) === (call.u32(1) & 0xff)) return at;
      return 0n;
    },
  ),
  intrinsic('size_t strnlen(const char *p, size_t maxlen)', 'lib/string.c', FORTIFIED, (call) => {
    let length = 0n;
    while (length < call.u64(1) && call.machine.memory.readU8(call.u64(0) + length) !== 0) length++;
    return length;
  }),
  ...intrinsics(
    ['char *strcpy(char *p, const char *q)', 'char *__builtin_strcpy(char *p, const char *q)'],
    'lib/string.c',
    FORTIFIED,
    (call) => {
      call.machine.memory.copy(call.u64(0), call.u64(1), call.machine.memory.stringLength(call.u64(1)) + 1);
      return call.u64(0);
    },
  ),
  ...intrinsics(
    ['char *strncpy(char *p, const char *q, size_t size)', 'char *__builtin_strncpy(char *p, const char *q, size_t size)'],
    'lib/string.c',
    FORTIFIED,
    (call) => {
      const { memory } = call.machine;
      const size = Number(call.u64(2));
      let length = 0;
      while (length < size && memory.readU8(call.u64(1) + BigInt(length)) !== 0) length++;
      memory.copy(call.u64(0), call.u64(1), length);
      memory.fill(call.u64(0) + BigInt(length), size - length, 0);
      return call.u64(0);
    },
  ),
  intrinsic('size_t strlen(const char *s)', 'lib/string.c', why, (call) => BigInt(call.machine.memory.stringLength(call.u64(0)))),
];
