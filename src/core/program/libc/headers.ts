// Headers of the C library for hosted programs that are not preprocessed: declarations only, in our own words (C11 7, POSIX).

const stddef = String.raw`
#ifndef _STDDEF_H
#define _STDDEF_H
typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef __WCHAR_TYPE__ wchar_t;
typedef struct { long long a __attribute__((aligned(8))); long b[2] __attribute__((aligned(16))); } max_align_t;
#define NULL ((void *)0)
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
`;

const stdint = String.raw`
#ifndef _STDINT_H
#define _STDINT_H
typedef __INT8_TYPE__ int8_t;
typedef __INT16_TYPE__ int16_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __INT_LEAST8_TYPE__ int_least8_t;
typedef __INT_LEAST16_TYPE__ int_least16_t;
typedef __INT_LEAST32_TYPE__ int_least32_t;
typedef __INT_LEAST64_TYPE__ int_least64_t;
typedef __UINT_LEAST8_TYPE__ uint_least8_t;
typedef __UINT_LEAST16_TYPE__ uint_least16_t;
typedef __UINT_LEAST32_TYPE__ uint_least32_t;
typedef __UINT_LEAST64_TYPE__ uint_least64_t;
typedef __INT_FAST8_TYPE__ int_fast8_t;
typedef __INT_FAST16_TYPE__ int_fast16_t;
typedef __INT_FAST32_TYPE__ int_fast32_t;
typedef __INT_FAST64_TYPE__ int_fast64_t;
typedef __UINT_FAST8_TYPE__ uint_fast8_t;
typedef __UINT_FAST16_TYPE__ uint_fast16_t;
typedef __UINT_FAST32_TYPE__ uint_fast32_t;
typedef __UINT_FAST64_TYPE__ uint_fast64_t;
typedef __INTPTR_TYPE__ intptr_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef __INTMAX_TYPE__ intmax_t;
typedef __UINTMAX_TYPE__ uintmax_t;
#define INT8_MAX __INT8_MAX__
#define INT16_MAX __INT16_MAX__
#define INT32_MAX __INT32_MAX__
#define INT64_MAX __INT64_MAX__
#define INT8_MIN (-INT8_MAX - 1)
#define INT16_MIN (-INT16_MAX - 1)
#define INT32_MIN (-INT32_MAX - 1)
#define INT64_MIN (-INT64_MAX - 1)
#define UINT8_MAX __UINT8_MAX__
#define UINT16_MAX __UINT16_MAX__
#define UINT32_MAX __UINT32_MAX__
#define UINT64_MAX __UINT64_MAX__
#define INTPTR_MAX __INTPTR_MAX__
#define INTPTR_MIN (-INTPTR_MAX - 1)
#define UINTPTR_MAX __UINTPTR_MAX__
#define INTMAX_MAX __INTMAX_MAX__
#define INTMAX_MIN (-INTMAX_MAX - 1)
#define UINTMAX_MAX __UINTMAX_MAX__
#define SIZE_MAX __SIZE_MAX__
#define PTRDIFF_MAX __PTRDIFF_MAX__
#define PTRDIFF_MIN (-PTRDIFF_MAX - 1)
#define INT8_C(c) c
#define INT16_C(c) c
#define INT32_C(c) c
#define INT64_C(c) c##L
#define UINT8_C(c) c
#define UINT16_C(c) c
#define UINT32_C(c) c##U
#define UINT64_C(c) c##UL
#define INTMAX_C(c) c##L
#define UINTMAX_C(c) c##UL
#endif
`;

/** PRId64 and its family. */
function formatMacros(): string {
  const lines = ['#ifndef _INTTYPES_H', '#define _INTTYPES_H', '#include <stdint.h>'];
  const lengths: readonly (readonly [string, string])[] = [
    ['8', ''],
    ['16', ''],
    ['32', ''],
    ['64', 'l'],
    ['MAX', 'l'],
    ['PTR', 'l'],
  ];
  for (const conversion of ['d', 'i', 'u', 'x', 'X', 'o']) {
    for (const [bits, length] of lengths) {
      lines.push(`#define PRI${conversion}${bits} "${length}${conversion}"`);
      if (!/^\d/.test(bits)) continue;
      lines.push(`#define PRI${conversion}LEAST${bits} "${length}${conversion}"`);
      lines.push(`#define PRI${conversion}FAST${bits} "${bits === '8' ? '' : 'l'}${conversion}"`);
    }
  }
  return [...lines, '#endif', ''].join('\n');
}

const limits = String.raw`
#define CHAR_BIT 8
#define SCHAR_MAX __SCHAR_MAX__
#define SCHAR_MIN (-SCHAR_MAX - 1)
#define UCHAR_MAX (SCHAR_MAX * 2 + 1)
#ifdef __CHAR_UNSIGNED__
#define CHAR_MIN 0
#define CHAR_MAX UCHAR_MAX
#else
#define CHAR_MIN SCHAR_MIN
#define CHAR_MAX SCHAR_MAX
#endif
#define SHRT_MAX __SHRT_MAX__
#define SHRT_MIN (-SHRT_MAX - 1)
#define USHRT_MAX (SHRT_MAX * 2 + 1)
#define INT_MAX __INT_MAX__
#define INT_MIN (-INT_MAX - 1)
#define UINT_MAX (INT_MAX * 2U + 1U)
#define LONG_MAX __LONG_MAX__
#define LONG_MIN (-LONG_MAX - 1L)
#define ULONG_MAX (LONG_MAX * 2UL + 1UL)
#define LLONG_MAX __LONG_LONG_MAX__
#define LLONG_MIN (-LLONG_MAX - 1LL)
#define ULLONG_MAX (LLONG_MAX * 2ULL + 1ULL)
#define PATH_MAX 4096
`;

const stdio = String.raw`
#ifndef _STDIO_H
#define _STDIO_H
#include <stddef.h>
#include <stdarg.h>
typedef struct _IO_FILE FILE;
extern FILE *stdin, *stdout, *stderr;
#define stdin stdin
#define stdout stdout
#define stderr stderr
#define EOF (-1)
#define BUFSIZ 8192
int printf(const char *, ...);
int fprintf(FILE *, const char *, ...);
int sprintf(char *, const char *, ...);
int snprintf(char *, size_t, const char *, ...);
int vprintf(const char *, va_list);
int vfprintf(FILE *, const char *, va_list);
int vsprintf(char *, const char *, va_list);
int vsnprintf(char *, size_t, const char *, va_list);
int puts(const char *);
int putchar(int);
int putc(int, FILE *);
int fputc(int, FILE *);
int fputs(const char *, FILE *);
size_t fwrite(const void *, size_t, size_t, FILE *);
int fflush(FILE *);
int getchar(void);
int fgetc(FILE *);
int getc(FILE *);
char *fgets(char *, int, FILE *);
int feof(FILE *);
int ferror(FILE *);
void perror(const char *);
void setbuf(FILE *, char *);
int setvbuf(FILE *, char *, int, size_t);
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2
#endif
`;

const stdlib = String.raw`
#ifndef _STDLIB_H
#define _STDLIB_H
#include <stddef.h>
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 2147483647
typedef struct { int quot, rem; } div_t;
typedef struct { long quot, rem; } ldiv_t;
typedef struct { long long quot, rem; } lldiv_t;
void *malloc(size_t);
void *calloc(size_t, size_t);
void *realloc(void *, size_t);
void *reallocarray(void *, size_t, size_t);
void *aligned_alloc(size_t, size_t);
int posix_memalign(void **, size_t, size_t);
void free(void *);
void exit(int) __attribute__((noreturn));
void _Exit(int) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));
int atexit(void (*)(void));
int abs(int);
long labs(long);
long long llabs(long long);
div_t div(int, int);
ldiv_t ldiv(long, long);
lldiv_t lldiv(long long, long long);
int atoi(const char *);
long atol(const char *);
long long atoll(const char *);
double atof(const char *);
double strtod(const char *, char **);
float strtof(const char *, char **);
long strtol(const char *, char **, int);
unsigned long strtoul(const char *, char **, int);
long long strtoll(const char *, char **, int);
unsigned long long strtoull(const char *, char **, int);
int rand(void);
void srand(unsigned int);
long random(void);
void srandom(unsigned int);
void qsort(void *, size_t, size_t, int (*)(const void *, const void *));
void *bsearch(const void *, const void *, size_t, size_t, int (*)(const void *, const void *));
char *getenv(const char *);
#define alloca(size) __builtin_alloca(size)
#endif
`;

const string = String.raw`
#ifndef _STRING_H
#define _STRING_H
#include <stddef.h>
void *memcpy(void *, const void *, size_t);
void *mempcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);
void *memchr(const void *, int, size_t);
void *memrchr(const void *, int, size_t);
size_t strlen(const char *);
size_t strnlen(const char *, size_t);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, size_t);
int strcasecmp(const char *, const char *);
int strncasecmp(const char *, const char *, size_t);
int strcoll(const char *, const char *);
char *strcpy(char *, const char *);
char *stpcpy(char *, const char *);
char *strncpy(char *, const char *, size_t);
char *strcat(char *, const char *);
char *strncat(char *, const char *, size_t);
char *strchr(const char *, int);
char *strrchr(const char *, int);
char *strchrnul(const char *, int);
char *strstr(const char *, const char *);
char *strpbrk(const char *, const char *);
size_t strspn(const char *, const char *);
size_t strcspn(const char *, const char *);
char *strtok(char *, const char *);
char *strtok_r(char *, const char *, char **);
char *strsep(char **, const char *);
char *strdup(const char *);
char *strndup(const char *, size_t);
char *strerror(int);
void bzero(void *, size_t);
#endif
`;

const ctype = ['alnum', 'alpha', 'blank', 'cntrl', 'digit', 'graph', 'lower', 'print', 'punct', 'space', 'upper', 'xdigit']
  .map((name) => `int is${name}(int);\n`)
  .join('')
  .concat('int tolower(int);\nint toupper(int);\n');

const math = ['fabs', 'sqrt', 'floor', 'ceil', 'trunc']
  .map((name) => `double ${name}(double);\nfloat ${name}f(float);\n`)
  .join('')
  .concat(
    'double fmod(double, double);\ndouble ldexp(double, int);\nfloat ldexpf(float, int);\n',
    '#define NAN __builtin_nanf("")\n#define INFINITY __builtin_inff()\n#define HUGE_VAL __builtin_huge_val()\n',
    '#define isnan(x) __builtin_isnan(x)\n#define isinf(x) __builtin_isinf_sign(x)\n#define isfinite(x) __builtin_isfinite(x)\n',
  );

const errno = String.raw`
int *__errno_location(void);
#define errno (*__errno_location())
#define EPERM 1
#define ENOENT 2
#define EINTR 4
#define EIO 5
#define ENXIO 6
#define E2BIG 7
#define EBADF 9
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EBUSY 16
#define EEXIST 17
#define ENODEV 19
#define EINVAL 22
#define ENOSPC 28
#define EDOM 33
#define ERANGE 34
#define EDEADLK 35
#define ENOSYS 38
#define EOVERFLOW 75
#define EOPNOTSUPP 95
#define ETIMEDOUT 110
`;

const assert = String.raw`
#undef assert
void __assert_fail(const char *, const char *, unsigned int, const char *) __attribute__((noreturn));
#ifdef NDEBUG
#define assert(e) ((void)0)
#else
#define assert(e) ((e) ? (void)0 : __assert_fail(#e, __FILE__, __LINE__, __func__))
#endif
#define static_assert _Static_assert
`;

const unistd = String.raw`
#ifndef _UNISTD_H
#define _UNISTD_H
#include <stddef.h>
typedef long ssize_t;
ssize_t write(int, const void *, size_t);
void _exit(int) __attribute__((noreturn));
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#endif
`;

const setjmp = String.raw`
#ifndef _SETJMP_H
#define _SETJMP_H
typedef struct { long kept[25]; } jmp_buf[1];
int setjmp(jmp_buf);
void longjmp(jmp_buf, int) __attribute__((noreturn));
#endif
`;

const stdarg = String.raw`
#ifndef _STDARG_H
#define _STDARG_H
typedef __builtin_va_list va_list;
typedef __builtin_va_list __gnuc_va_list;
#define va_start(list, last) __builtin_va_start(list, last)
#define va_arg(list, type) __builtin_va_arg(list, type)
#define va_copy(to, from) __builtin_va_copy(to, from)
#define va_end(list) __builtin_va_end(list)
#endif
`;

const float = ['FLT', 'DBL']
  .flatMap((type) =>
    ['DIG', 'EPSILON', 'MANT_DIG', 'MAX', 'MIN', 'MAX_EXP', 'MIN_EXP', 'MAX_10_EXP', 'MIN_10_EXP'].map(
      (name) => `#define ${type}_${name} __${type}_${name}__\n`,
    ),
  )
  .join('')
  .concat('#define FLT_RADIX 2\n');

/** A header that may be included more than once without a guard of its own. */
const once = (text: string): string => `#pragma once\n${text}`;

/** Header text by the name in `#include <…>`. */
export const hostedHeaders: ReadonlyMap<string, string> = new Map([
  ['stddef.h', stddef],
  ['stdint.h', stdint],
  ['inttypes.h', formatMacros()],
  ['limits.h', once(limits)],
  ['float.h', once(float)],
  ['stdbool.h', once('#define bool _Bool\n#define true 1\n#define false 0\n#define __bool_true_false_are_defined 1\n')],
  ['stdalign.h', once('#define alignas _Alignas\n#define alignof _Alignof\n')],
  ['stdnoreturn.h', once('#define noreturn _Noreturn\n')],
  ['stdarg.h', stdarg],
  ['stdio.h', stdio],
  ['stdlib.h', stdlib],
  ['string.h', string],
  ['strings.h', once('#include <string.h>\n')],
  ['malloc.h', once('#include <stdlib.h>\n')],
  ['alloca.h', once('#include <stdlib.h>\n')],
  ['ctype.h', once(ctype)],
  ['math.h', once(math)],
  ['errno.h', once(errno)],
  ['assert.h', assert],
  ['unistd.h', unistd],
  ['setjmp.h', setjmp],
  ['wchar.h', once('#include <stddef.h>\ntypedef __WINT_TYPE__ wint_t;\n')],
  ['sys/types.h', once('#include <stddef.h>\ntypedef long ssize_t;\ntypedef long off_t;\ntypedef int pid_t;\n')],
]);
