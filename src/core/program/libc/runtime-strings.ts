// C text of the hosted library: blocks of memory, strings, classes of characters.
export const memory: string = String.raw`
LIB void *realloc(void *block, size_t size)
{
	void *fresh;
	size_t old;

	if (!block)
		return malloc(size);
	old = __hosted_size(block);
	if (!size) {
		free(block);
		return 0;
	}
	fresh = malloc(size);
	memcpy(fresh, block, old < size ? old : size);
	free(block);
	return fresh;
}

LIB void *reallocarray(void *block, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return 0;
	return realloc(block, bytes);
}

LIB void *aligned_alloc(size_t align, size_t size)
{
	return __hosted_allocate(align, size);
}

LIB void *memalign(size_t align, size_t size)
{
	return __hosted_allocate(align, size);
}

LIB int posix_memalign(void **block, size_t align, size_t size)
{
	if (align < sizeof(void *) || (align & (align - 1)))
		return 22;
	*block = __hosted_allocate(align, size);
	return 0;
}

LIB void bzero(void *block, size_t size)
{
	__builtin_memset(block, 0, size);
}

LIB void *mempcpy(void *to, const void *from, size_t size)
{
	return (char *)memcpy(to, from, size) + size;
}

LIB void *memchr(const void *block, int byte, size_t size)
{
	const unsigned char *p = block;

	for (; size; size--, p++)
		if (*p == (unsigned char)byte)
			return (void *)p;
	return 0;
}

LIB void *memrchr(const void *block, int byte, size_t size)
{
	const unsigned char *p = block;

	while (size--)
		if (p[size] == (unsigned char)byte)
			return (void *)(p + size);
	return 0;
}
`;

export const strings: string = String.raw`
LIB size_t strnlen(const char *text, size_t most)
{
	size_t n = 0;

	while (n < most && text[n])
		n++;
	return n;
}

LIB char *stpcpy(char *to, const char *from)
{
	while ((*to = *from++))
		to++;
	return to;
}

LIB char *strncat(char *to, const char *from, size_t most)
{
	char *end = to + strlen(to);

	while (most-- && *from)
		*end++ = *from++;
	*end = 0;
	return to;
}

LIB char *strrchr(const char *text, int character)
{
	const char *found = 0;

	do {
		if (*text == (char)character)
			found = text;
	} while (*text++);
	return (char *)found;
}

LIB char *strchrnul(const char *text, int character)
{
	while (*text && *text != (char)character)
		text++;
	return (char *)text;
}

LIB char *strstr(const char *text, const char *part)
{
	for (;; text++) {
		size_t n = 0;

		while (part[n] && text[n] == part[n])
			n++;
		if (!part[n])
			return (char *)text;
		if (!*text)
			return 0;
	}
}

static int among(const char *set, char character)
{
	for (; *set; set++)
		if (*set == character)
			return 1;
	return 0;
}

LIB size_t strspn(const char *text, const char *set)
{
	size_t n = 0;

	while (text[n] && among(set, text[n]))
		n++;
	return n;
}

LIB size_t strcspn(const char *text, const char *set)
{
	size_t n = 0;

	while (text[n] && !among(set, text[n]))
		n++;
	return n;
}

LIB char *strpbrk(const char *text, const char *set)
{
	text += strcspn(text, set);
	return *text ? (char *)text : 0;
}

LIB char *strtok_r(char *text, const char *set, char **rest)
{
	if (!text)
		text = *rest;
	text += strspn(text, set);
	if (!*text) {
		*rest = text;
		return 0;
	}
	*rest = text + strcspn(text, set);
	if (**rest)
		*(*rest)++ = 0;
	return text;
}

static char *token_rest;
LIB char *strtok(char *text, const char *set)
{
	return strtok_r(text, set, &token_rest);
}

LIB char *strsep(char **text, const char *set)
{
	char *start = *text;

	if (!start)
		return 0;
	*text = start + strcspn(start, set);
	if (**text)
		*(*text)++ = 0;
	else
		*text = 0;
	return start;
}

LIB char *strdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(malloc(size), text, size);
}

LIB char *strndup(const char *text, size_t most)
{
	size_t n = strnlen(text, most);
	char *copy = memcpy(malloc(n + 1), text, n);

	copy[n] = 0;
	return copy;
}

LIB int strcoll(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}
`;

export const characters: string = String.raw`
LIB int isdigit(int c)
{
	return c >= '0' && c <= '9';
}

LIB int isupper(int c)
{
	return c >= 'A' && c <= 'Z';
}

LIB int islower(int c)
{
	return c >= 'a' && c <= 'z';
}

LIB int isalpha(int c)
{
	return isupper(c) || islower(c);
}

LIB int isalnum(int c)
{
	return isalpha(c) || isdigit(c);
}

LIB int isxdigit(int c)
{
	return isdigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

LIB int isblank(int c)
{
	return c == ' ' || c == '\t';
}

LIB int isspace(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

LIB int isprint(int c)
{
	return c >= ' ' && c < 127;
}

LIB int isgraph(int c)
{
	return c > ' ' && c < 127;
}

LIB int iscntrl(int c)
{
	return (c >= 0 && c < ' ') || c == 127;
}

LIB int ispunct(int c)
{
	return isgraph(c) && !isalnum(c);
}

LIB int tolower(int c)
{
	return isupper(c) ? c + 32 : c;
}

LIB int toupper(int c)
{
	return islower(c) ? c - 32 : c;
}

LIB int strncasecmp(const char *a, const char *b, size_t most)
{
	for (; most; most--, a++, b++) {
		int d = tolower((unsigned char)*a) - tolower((unsigned char)*b);

		if (d || !*a)
			return d;
	}
	return 0;
}

LIB int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, -1ul);
}

/* What glibc's <ctype.h> reads: a table of class bits for -128 to 255. */
static unsigned short classes[384];
static const unsigned short *classes_at = classes + 128;
LIB const unsigned short **__ctype_b_loc(void)
{
	int c;

	for (c = 0; c < 128 && !classes[128 + 127]; c++)
		classes[128 + c] = isupper(c) << 8 | islower(c) << 9 | isalpha(c) << 10 | isdigit(c) << 11 | isxdigit(c) << 12 |
			isspace(c) << 13 | isprint(c) << 14 | isgraph(c) << 15 | isblank(c) | iscntrl(c) << 1 | ispunct(c) << 2 |
			isalnum(c) << 3;
	return &classes_at;
}

static int lower_case[384];
static const int *lower_case_at = lower_case + 128;
LIB const int **__ctype_tolower_loc(void)
{
	int c;

	for (c = -128; c < 256 && !lower_case[383]; c++)
		lower_case[128 + c] = tolower(c);
	return &lower_case_at;
}

static int upper_case[384];
static const int *upper_case_at = upper_case + 128;
LIB const int **__ctype_toupper_loc(void)
{
	int c;

	for (c = -128; c < 256 && !upper_case[383]; c++)
		upper_case[128 + c] = toupper(c);
	return &upper_case_at;
}
`;
