// C text of the hosted library: numbers from text, random numbers, sorting and searching.
export const numbers: string = String.raw`
static unsigned long parse(const char *text, char **end, int base, unsigned long most, unsigned long least)
{
	const char *p = text;
	unsigned long value = 0;
	unsigned long bound;
	int negative = 0, digits = 0, over = 0;

	while (isspace(*p))
		p++;
	if (*p == '-' || *p == '+')
		negative = *p++ == '-';
	if ((base == 0 || base == 16) && p[0] == '0' && (p[1] == 'x' || p[1] == 'X') && isxdigit(p[2])) {
		p += 2;
		base = 16;
	}
	if (base == 0)
		base = *p == '0' ? 8 : 10;
	bound = negative ? least : most;
	for (;; p++, digits++) {
		int d = isdigit(*p) ? *p - '0' : isalpha(*p) ? tolower(*p) - 'a' + 10 : 99;

		if (d >= base)
			break;
		if (over || value > (bound - d) / base)
			over = 1;
		else
			value = value * base + d;
	}
	if (end)
		*end = (char *)(digits ? p : text);
	if (over) {
		*__errno_location() = 34;
		return least == -1ul ? -1ul : negative ? -least : most;
	}
	return negative ? -value : value;
}

LIB long strtol(const char *text, char **end, int base)
{
	return parse(text, end, base, ~0ul >> 1, (~0ul >> 1) + 1);
}

LIB long long strtoll(const char *text, char **end, int base)
{
	return parse(text, end, base, ~0ul >> 1, (~0ul >> 1) + 1);
}

LIB unsigned long strtoul(const char *text, char **end, int base)
{
	return parse(text, end, base, -1ul, -1ul);
}

LIB unsigned long long strtoull(const char *text, char **end, int base)
{
	return parse(text, end, base, -1ul, -1ul);
}

LIB int atoi(const char *text)
{
	return strtol(text, 0, 10);
}

LIB long atol(const char *text)
{
	return strtol(text, 0, 10);
}

LIB long long atoll(const char *text)
{
	return strtol(text, 0, 10);
}

LIB double strtod(const char *text, char **end)
{
	double __hosted_number(const char *text, char **end);

	return __hosted_number(text, end);
}

LIB float strtof(const char *text, char **end)
{
	return strtod(text, end);
}

LIB double atof(const char *text)
{
	return strtod(text, 0);
}

LIB long long llabs(long long value)
{
	return value < 0 ? -value : value;
}

struct quotient { int quot, rem; };
LIB struct quotient div(int a, int b)
{
	struct quotient q = { a / b, a % b };

	return q;
}

struct long_quotient { long quot, rem; };
LIB struct long_quotient ldiv(long a, long b)
{
	struct long_quotient q = { a / b, a % b };

	return q;
}

LIB struct long_quotient lldiv(long long a, long long b)
{
	struct long_quotient q = { a / b, a % b };

	return q;
}

/* The additive feedback generator that glibc documents: 31 words of state, the first 310 results are dropped. */
static int feedback[34];
static int feedback_at;
static int feedback_seeded;
LIB long random(void);
LIB void srandom(unsigned int seed)
{
	int i;

	feedback[0] = seed ? seed : 1;
	for (i = 1; i < 31; i++) {
		long word = 16807l * feedback[i - 1] % 2147483647;

		feedback[i] = word < 0 ? word + 2147483647 : word;
	}
	feedback_at = 3;
	feedback_seeded = 1;
	for (i = 0; i < 310; i++)
		random();
}

LIB long random(void)
{
	unsigned int word;

	if (!feedback_seeded)
		srandom(1);
	word = (unsigned int)feedback[feedback_at] + (unsigned int)feedback[(feedback_at + 28) % 31];
	feedback[feedback_at] = word;
	feedback_at = (feedback_at + 1) % 31;
	return word >> 1;
}

LIB int rand(void)
{
	return random();
}

LIB void srand(unsigned int seed)
{
	srandom(seed);
}
`;

export const sorting: string = String.raw`
static void sort(char *items, size_t count, size_t size, int (*compare)(const void *, const void *), char *spare)
{
	size_t left = count / 2, right = count - left, done = 0;
	char *a = items, *b = items + left * size;

	if (count <= 1)
		return;
	sort(a, left, size, compare, spare);
	sort(b, right, size, compare, spare);
	for (; left && right; done++) {
		char **from = compare(a, b) <= 0 ? &a : &b;

		memcpy(spare + done * size, *from, size);
		if (from == &a)
			left--;
		else
			right--;
		*from += size;
	}
	memcpy(spare + done * size, a, left * size);
	memcpy(items, spare, (done + left) * size);
}

LIB void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	char *spare = malloc(count * size);

	sort(items, count, size, compare, spare);
	free(spare);
}

LIB void *bsearch(const void *key, const void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const void *item = (const char *)items + middle * size;
		int d = compare(key, item);

		if (!d)
			return (void *)item;
		if (d < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}
`;
