// C text of the hosted library: streams, errno, the end of a program.
export const streams: string = String.raw`
typedef unsigned long size_t;
struct _IO_FILE
{
	int descriptor;
};
static struct _IO_FILE streams[3] = { { 0 }, { 1 }, { 2 } };
LIB struct _IO_FILE *stdin = &streams[0];
LIB struct _IO_FILE *stdout = &streams[1];
LIB struct _IO_FILE *stderr = &streams[2];
int __hosted_print(int descriptor, const char *format, __builtin_va_list list);
int __hosted_write(int descriptor, const void *bytes, size_t size);
void __hosted_exit(int code);
void __hosted_assertion(const char *text, const char *function);
void *__hosted_allocate(size_t align, size_t size);
size_t __hosted_size(void *block);
int vsnprintf(char *buffer, size_t size, const char *format, __builtin_va_list list);
void *malloc(size_t size);
void free(void *block);
void *memcpy(void *to, const void *from, size_t size);
size_t strlen(const char *text);
int printf(const char *format, ...);

LIB int vfprintf(struct _IO_FILE *stream, const char *format, __builtin_va_list list)
{
	return __hosted_print(stream->descriptor, format, list);
}

LIB int vprintf(const char *format, __builtin_va_list list)
{
	return __hosted_print(1, format, list);
}

LIB int fprintf(struct _IO_FILE *stream, const char *format, ...)
{
	__builtin_va_list list;
	int n;

	__builtin_va_start(list, format);
	n = __hosted_print(stream->descriptor, format, list);
	__builtin_va_end(list);
	return n;
}

LIB int vsprintf(char *buffer, const char *format, __builtin_va_list list)
{
	return vsnprintf(buffer, 1ul << 40, format, list);
}

LIB int fputs(const char *text, struct _IO_FILE *stream)
{
	return __hosted_write(stream->descriptor, text, strlen(text));
}

LIB int fputc(int character, struct _IO_FILE *stream)
{
	unsigned char byte = character;

	__hosted_write(stream->descriptor, &byte, 1);
	return byte;
}

LIB int putc(int character, struct _IO_FILE *stream)
{
	return fputc(character, stream);
}

LIB size_t fwrite(const void *bytes, size_t size, size_t count, struct _IO_FILE *stream)
{
	__hosted_write(stream->descriptor, bytes, size * count);
	return size ? count : 0;
}

LIB long write(int descriptor, const void *bytes, size_t size)
{
	__hosted_write(descriptor, bytes, size);
	return size;
}

LIB int fflush(struct _IO_FILE *stream)
{
	return 0;
}

LIB void setbuf(struct _IO_FILE *stream, char *buffer)
{
}

LIB int setvbuf(struct _IO_FILE *stream, char *buffer, int mode, size_t size)
{
	return 0;
}

/* Standard input is empty. */
LIB int getchar(void)
{
	return -1;
}

LIB int fgetc(struct _IO_FILE *stream)
{
	return -1;
}

LIB int getc(struct _IO_FILE *stream)
{
	return -1;
}

LIB char *fgets(char *buffer, int size, struct _IO_FILE *stream)
{
	return 0;
}

LIB int feof(struct _IO_FILE *stream)
{
	return stream->descriptor == 0;
}

LIB int ferror(struct _IO_FILE *stream)
{
	return 0;
}

LIB char *strerror(int error)
{
	static char other[32];

	switch (error) {
	case 0:
		return "Success";
	case 1:
		return "Operation not permitted";
	case 2:
		return "No such file or directory";
	case 5:
		return "Input/output error";
	case 11:
		return "Resource temporarily unavailable";
	case 12:
		return "Cannot allocate memory";
	case 13:
		return "Permission denied";
	case 14:
		return "Bad address";
	case 16:
		return "Device or resource busy";
	case 17:
		return "File exists";
	case 22:
		return "Invalid argument";
	case 28:
		return "No space left on device";
	case 33:
		return "Numerical argument out of domain";
	case 34:
		return "Numerical result out of range";
	}
	__builtin_sprintf(other, "error %d", error);
	return other;
}

static int last_error;
LIB int *__errno_location(void)
{
	return &last_error;
}

LIB void perror(const char *text)
{
	if (text && *text)
		fprintf(stderr, "%s: ", text);
	fprintf(stderr, "%s\n", strerror(last_error));
}

static void (*at_exit[32])(void);
static int at_exit_count;
LIB int atexit(void (*handler)(void))
{
	if (at_exit_count == 32)
		return -1;
	at_exit[at_exit_count++] = handler;
	return 0;
}

LIB void __hosted_handlers(void)
{
	while (at_exit_count > 0)
		at_exit[--at_exit_count]();
}

LIB void exit(int code)
{
	__hosted_handlers();
	__hosted_exit(code);
}

LIB void _exit(int code)
{
	__hosted_exit(code);
}

LIB void _Exit(int code)
{
	__hosted_exit(code);
}

LIB void __assert_fail(const char *text, const char *file, unsigned int line, const char *function)
{
	fprintf(stderr, "%s:%u: %s: Assertion '%s' failed.\n", file, line, function, text);
	__hosted_assertion(text, function);
}

LIB char *getenv(const char *name)
{
	return 0;
}
`;
