// SPDX-License-Identifier: GPL-2.0-only
// The program inside a booted kernel: follows a plan line by line, one process per label, and prints what happened as JSON lines.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/fsmap.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef MAP_SYNC
#define MAP_SYNC 0x80000
#endif
#ifndef MAP_SHARED_VALIDATE
#define MAP_SHARED_VALIDATE 3
#endif
#define PAGE 4096UL
#define MAX 32

struct received { int signo, code, lsb; unsigned long addr; };

// Shared between the parent and one child.
struct shared { volatile int count; struct received list[256]; };

struct mapping { char name[16]; char *start; unsigned long length, offset; };

struct process {
	char label[16], handler[16];
	pid_t pid;
	int socket, alive, stuck, status, reported;
	struct shared *shared;
};

static struct process processes[MAX];
static int process_count;
static struct shared *own;
static sigjmp_buf escape;
static volatile int accessing;

static void marker(const char *format, ...)
{
	char text[512];
	va_list list;
	va_start(list, format);
	int length = vsnprintf(text, sizeof text, format, list);
	va_end(list);
	int fd = open("/sys/kernel/tracing/trace_marker", O_WRONLY);
	if (fd >= 0) {
		if (write(fd, text, length) < 0) { }
		close(fd);
	}
}

static void on_sigbus(int signo, siginfo_t *info, void *context)
{
	(void)context;
	int at = own->count;
	if (at < 256)
		own->list[at] = (struct received){ signo, info->si_code, info->si_addr_lsb, (unsigned long)info->si_addr };
	own->count = at + 1;
	if (accessing && info->si_code != BUS_MCEERR_AO)
		siglongjmp(escape, 1);
}

static const char *option(const char *line, const char *key, char *buffer, size_t size)
{
	char pattern[32];
	snprintf(pattern, sizeof pattern, " %s=", key);
	const char *at = strstr(line, pattern);
	if (!at)
		return NULL;
	at += strlen(pattern);
	size_t length = strcspn(at, " \n");
	if (length >= size)
		length = size - 1;
	memcpy(buffer, at, length);
	buffer[length] = 0;
	return buffer;
}

static unsigned long number(const char *line, const char *key, unsigned long otherwise)
{
	char buffer[64];
	const char *text = option(line, key, buffer, sizeof buffer);
	return text ? strtoul(text, NULL, 0) : otherwise;
}

static unsigned long frame(const char *address)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);
	if (fd < 0 || pread(fd, &entry, 8, (unsigned long)address / PAGE * 8) != 8)
		entry = 0;
	close(fd);
	return entry & (1ULL << 63) ? entry & ((1ULL << 55) - 1) : 0;
}

// ---- one child ----

static struct mapping maps[MAX];
static int map_count;

static struct mapping *find(const char *name)
{
	for (int i = 0; i < map_count; i++)
		if (strcmp(maps[i].name, name) == 0)
			return &maps[i];
	return NULL;
}

static void reply_line(FILE *out, const char *label, const char *ev, const char *name)
{
	fprintf(out, "{\"ev\":\"%s\",\"proc\":\"%s\",\"map\":\"%s\"", ev, label, name);
}

static void child_map(FILE *out, const char *line, const char *label, const char *name, const char *path)
{
	char flags_text[32] = "shared", prot_text[8] = "rw";
	option(line, "flags", flags_text, sizeof flags_text);
	option(line, "prot", prot_text, sizeof prot_text);
	unsigned long length = number(line, "len", 0), offset = number(line, "off", 0), alignment = number(line, "align", 0);
	int prot = (strchr(prot_text, 'r') ? PROT_READ : 0) | (strchr(prot_text, 'w') ? PROT_WRITE : 0);
	int flags = strcmp(flags_text, "private") == 0 ? MAP_PRIVATE : strcmp(flags_text, "sync") == 0 ? MAP_SHARED_VALIDATE | MAP_SYNC : MAP_SHARED;
	int fd = open(path, prot & PROT_WRITE ? O_RDWR : O_RDONLY);
	struct stat st = { 0 };
	char *start = MAP_FAILED;
	int error = fd < 0 ? errno : 0;
	if (fd >= 0) {
		fstat(fd, &st);
		char *hint = NULL;
		if (alignment) {
			char *room = mmap(NULL, length + 2 * alignment, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			hint = (char *)(((unsigned long)room + alignment - 1) & ~(alignment - 1));
			munmap(room, length + 2 * alignment);
		}
		start = mmap(hint, length, prot, flags | (hint ? MAP_FIXED : 0), fd, offset);
		error = start == MAP_FAILED ? errno : 0;
		close(fd);
	}
	if (!error) {
		struct mapping *map = &maps[map_count++];
		snprintf(map->name, sizeof map->name, "%s", name);
		map->start = start;
		map->length = length;
		map->offset = offset;
	}
	reply_line(out, label, "map", name);
	fprintf(out, ",\"path\":\"%s\",\"ino\":%lu,\"vm_start\":\"0x%lx\",\"length\":%lu,\"file_offset\":%lu,\"prot\":\"%s\",\"flags\":\"%s\",\"errno\":%d}\n",
		path, (unsigned long)st.st_ino, error ? 0 : (unsigned long)start, length, offset, prot_text,
		flags & MAP_SYNC ? "MAP_SHARED_VALIDATE|MAP_SYNC" : flags == MAP_PRIVATE ? "MAP_PRIVATE" : "MAP_SHARED", error);
}

static void child_touch(FILE *out, const char *line, const char *label, const char *verb, struct mapping *map)
{
	char how[8] = "r";
	option(line, "how", how, sizeof how);
	unsigned long page = number(line, "page", 0), count = number(line, "count", 1);
	volatile unsigned long done = 0;
	int before = own->count;
	for (volatile unsigned long i = 0; i < count; i++) {
		volatile char *at = map->start + (page + i) * PAGE;
		accessing = 1;
		if (sigsetjmp(escape, 1) == 0) {
			if (how[0] == 'w')
				*at = (char)(page + i);
			else
				(void)*at;
			done++;
		}
		accessing = 0;
	}
	reply_line(out, label, verb, map->name);
	fprintf(out, ",\"page\":%lu,\"count\":%lu,\"how\":\"%s\",\"pages_done\":%lu,\"signals_during\":%d}\n", page, count,
		how[0] == 'w' ? "write" : "read", done, own->count - before);
}

static void child_info(FILE *out, const char *line, const char *label, struct mapping *map)
{
	unsigned long page = number(line, "page", 0), count = number(line, "count", map->length / PAGE);
	reply_line(out, label, "info", map->name);
	fprintf(out, ",\"pages\":[");
	for (unsigned long i = page; i < page + count; i++) {
		unsigned long pfn = frame(map->start + i * PAGE);
		fprintf(out, "%s{\"page\":%lu,\"pgoff\":%lu,\"present\":%d", i == page ? "" : ",", i, map->offset / PAGE + i, pfn != 0);
		if (pfn)
			fprintf(out, ",\"pfn\":\"0x%lx\"", pfn);
		fprintf(out, "}");
	}
	fprintf(out, "]}\n");
}

static void child_command(FILE *out, const char *line, const char *label)
{
	char verb[32] = "", a[64] = "", b[64] = "", path[256] = "";
	sscanf(line, "%31s %63s %63s %255s", verb, a, b, path);
	int inject = strcmp(verb, "inject") == 0, frames = strcmp(verb, "frame") == 0;
	if (inject)
		sscanf(line, "%*s %*s %63s %63s", a, b);
	struct mapping *map = find(b);
	if (strcmp(verb, "map") == 0)
		child_map(out, line, label, b, path);
	else if (strcmp(verb, "policy") == 0) {
		int policy = strcmp(b, "early") == 0 ? PR_MCE_KILL_EARLY : strcmp(b, "late") == 0 ? PR_MCE_KILL_LATE : PR_MCE_KILL_DEFAULT;
		int rc = prctl(PR_MCE_KILL, PR_MCE_KILL_SET, policy, 0, 0);
		fprintf(out, "{\"ev\":\"policy\",\"proc\":\"%s\",\"policy\":\"%s\",\"rc\":%d}\n", label, b, rc);
	} else if (!map)
		fprintf(out, "{\"ev\":\"anomaly\",\"text\":\"no mapping for: %s\"}\n", line);
	else if (strcmp(verb, "touch") == 0 || strcmp(verb, "post") == 0)
		child_touch(out, line, label, verb, map);
	else if (strcmp(verb, "info") == 0)
		child_info(out, line, label, map);
	else if (frames)
		fprintf(out, "%lx\n", frame(map->start + strtoul(path, NULL, 0) * PAGE));
	else if (strcmp(verb, "munmap") == 0) {
		int rc = munmap(map->start, map->length);
		map->name[0] = 0;
		fprintf(out, "{\"ev\":\"munmap\",\"proc\":\"%s\",\"map\":\"%s\",\"rc\":%d}\n", label, b, rc);
	} else if (inject) {
		unsigned long page = number(line, "page", 0), count = number(line, "count", 1);
		char *va = map->start + page * PAGE;
		unsigned long pfn = frame(va);
		errno = 0;
		int rc = madvise(va, count * PAGE, 100);
		int error = rc ? errno : 0;
		fprintf(out, "{\"ev\":\"inject\",\"method\":\"madvise\",\"by\":\"%s\",\"map\":\"%s\",\"page\":%lu,\"count\":%lu,\"va\":\"0x%lx\",\"pfn\":\"0x%lx\",\"rc\":%d,\"errno\":%d}\n",
			label, map->name, page, count, (unsigned long)va, pfn, rc, error);
	} else
		fprintf(out, "{\"ev\":\"anomaly\",\"text\":\"not understood: %s\"}\n", line);
}

static void child_main(struct process *self)
{
	char name[20], line[1024];
	snprintf(name, sizeof name, "mf%s", self->label);
	prctl(PR_SET_NAME, name);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	own = self->shared;
	if (strcmp(self->handler, "ignore") == 0)
		signal(SIGBUS, SIG_IGN);
	else if (strcmp(self->handler, "default") != 0) {
		struct sigaction action = { .sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO };
		sigaction(SIGBUS, &action, NULL);
	}
	if (strcmp(self->handler, "block") == 0) {
		sigset_t set;
		sigemptyset(&set);
		sigaddset(&set, SIGBUS);
		sigprocmask(SIG_BLOCK, &set, NULL);
	}
	FILE *in = fdopen(self->socket, "r"), *out = fdopen(dup(self->socket), "w");
	while (fgets(line, sizeof line, in) || (errno == EINTR && !feof(in) && (clearerr(in), 1))) {
		line[strcspn(line, "\n")] = 0;
		if (strncmp(line, "exit", 4) == 0)
			_exit(0);
		if (line[0])
			child_command(out, line, self->label);
		fflush(out);
		line[0] = 0;
	}
	_exit(0);
}

// ---- the parent ----

static struct process *labelled(const char *label)
{
	for (int i = 0; i < process_count; i++)
		if (strcmp(processes[i].label, label) == 0)
			return &processes[i];
	return NULL;
}

static void reap(struct process *process)
{
	if (process->alive && waitpid(process->pid, &process->status, WNOHANG) == process->pid)
		process->alive = 0;
}

// Sends a line to a child and reads one line back; 0 when it died or does not answer.
static int ask(struct process *process, const char *line, char *answer, size_t size, int wait_ms)
{
	answer[0] = 0;
	if (!process->alive || process->stuck)
		return 0;
	if (write(process->socket, line, strlen(line)) < 0 || write(process->socket, "\n", 1) < 0) { }
	size_t length = 0;
	while (length + 1 < size) {
		struct pollfd poll_one = { .fd = process->socket, .events = POLLIN };
		int ready = poll(&poll_one, 1, wait_ms);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0) {
			process->stuck = 1;
			return 0;
		}
		ssize_t got = read(process->socket, answer + length, 1);
		if (got <= 0) {
			usleep(50000);
			reap(process);
			return 0;
		}
		if (answer[length] == '\n')
			break;
		length++;
	}
	answer[length] = 0;
	return 1;
}

static void print_pending(pid_t pid)
{
	char path[64], line[256];
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file)) {
		char value[64];
		if (sscanf(line, "SigPnd:\t%63s", value) == 1)
			printf(",\"sigpnd\":\"%s\"", value);
		if (sscanf(line, "ShdPnd:\t%63s", value) == 1)
			printf(",\"shdpnd\":\"%s\"", value);
	}
	if (file)
		fclose(file);
}

static void print_states(const char *when, int n)
{
	for (int i = 0; i < process_count; i++) {
		struct process *process = &processes[i];
		reap(process);
		const char *state = process->stuck ? "stuck" : process->alive ? "alive" : WIFSIGNALED(process->status) ? "killed" : "exited";
		printf("{\"ev\":\"status\",\"when\":\"%s\",\"n\":%d,\"proc\":\"%s\",\"pid\":%d,\"state\":\"%s\",\"termsig\":", when, n, process->label,
		       process->pid, state);
		if (!process->alive && WIFSIGNALED(process->status))
			printf("%d", WTERMSIG(process->status));
		else
			printf("null");
		if (process->alive)
			print_pending(process->pid);
		printf(",\"signals\":[");
		int count = process->shared->count;
		for (int s = process->reported; s < count && s < 256; s++) {
			struct received *got = &process->shared->list[s];
			printf("%s{\"si_signo\":%d,\"si_code\":%d,\"si_addr\":\"0x%lx\",\"si_addr_lsb\":%d}", s == process->reported ? "" : ",", got->signo,
			       got->code, got->addr, got->lsb);
		}
		process->reported = count;
		printf("]}\n");
	}
	fflush(stdout);
}

// Writes a frame number into hwpoison-inject from a process that maps nothing.
static void inject_debugfs(unsigned long pfn, int *rc, int *error, const char **state, int *termsig)
{
	struct outcome { int rc, error, done; } *outcome = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NAME, "mfinject");
		int fd = open("/sys/kernel/debug/hwpoison/corrupt-pfn", O_WRONLY);
		char text[32];
		int length = snprintf(text, sizeof text, "0x%lx", pfn);
		errno = 0;
		ssize_t written = fd < 0 ? -1 : write(fd, text, length);
		outcome->rc = written < 0 ? -1 : (int)written;
		outcome->error = written < 0 ? errno : 0;
		outcome->done = 1;
		_exit(0);
	}
	*state = "stuck";
	*termsig = 0;
	for (int i = 0; i < 80; i++) {
		int status;
		if (waitpid(pid, &status, WNOHANG) == pid) {
			*state = outcome->done ? "returned" : "died";
			*termsig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
			break;
		}
		usleep(50000);
	}
	*rc = outcome->done ? outcome->rc : -998;
	*error = outcome->error;
}

// Physical address of byte 0 of a pmem device's data: lines "pmem0 0x40000000" of /pmem.
static unsigned long base_of(const char *name)
{
	char device[32];
	unsigned long base;
	FILE *file = fopen("/pmem", "r");
	while (file && fscanf(file, "%31s %li", device, (long *)&base) == 2)
		if (strcmp(device, name) == 0) {
			fclose(file);
			return base;
		}
	return 0;
}

static void run_inject(const char *line, int n)
{
	char method[32] = "", label[64] = "", map[64] = "", text[256], answer[65536];
	sscanf(line, "inject %31s %63s %63s", method, label, map);
	marker("INJECT %d BEGIN", n);
	if (strcmp(method, "madvise") == 0) {
		struct process *process = labelled(label);
		int answered = process && ask(process, line, answer, sizeof answer, 6000);
		marker("INJECT %d END", n);
		if (answered)
			printf("{\"n\":%d,%s\n", n, answer + 1);
		else
			printf("{\"n\":%d,\"ev\":\"inject\",\"method\":\"madvise\",\"by\":\"%s\",\"map\":\"%s\",\"page\":%lu,\"count\":%lu,\"rc\":-999,\"errno\":0,\"state\":%s}\n",
			       n, label, map, number(line, "page", 0), number(line, "count", 1), process && process->stuck ? "\"stuck\"" : "null");
	} else if (strcmp(method, "debugfs") == 0) {
		unsigned long pfn = number(line, "pfn", 0);
		const char *state;
		int rc, error, termsig;
		if (option(line, "of", text, sizeof text)) {
			char page[32];
			sscanf(text, "%63[^:]:%63[^:]:%31s", label, map, page);
			char command[256];
			snprintf(command, sizeof command, "frame %s %s %s", label, map, page);
			struct process *process = labelled(label);
			if (process && ask(process, command, answer, sizeof answer, 3000))
				pfn = strtoul(answer, NULL, 16);
		} else if (option(line, "dev", text, sizeof text))
			pfn = (base_of(text) + number(line, "off", 0)) / PAGE;
		inject_debugfs(pfn, &rc, &error, &state, &termsig);
		marker("INJECT %d END", n);
		printf("{\"n\":%d,\"ev\":\"inject\",\"method\":\"debugfs\",\"pfn\":\"0x%lx\",\"rc\":%d,\"errno\":%d,\"state\":\"%s\",\"termsig\":%d}\n", n, pfn,
		       rc, error, state, termsig);
	} else {
		const char *command = strstr(line, " sh ");
		fflush(stdout);
		int status = system(command ? command + 4 : "true");
		marker("INJECT %d END", n);
		printf("{\"n\":%d,\"ev\":\"inject\",\"method\":\"sh\",\"rc\":%d,\"errno\":0}\n", n, status);
	}
	fflush(stdout);
	usleep(200000);
	print_states("after", n);
}

static void start(const char *line)
{
	struct process *process = &processes[process_count++];
	char line_with_space[256];
	int pair[2];
	sscanf(line, "proc %15s", process->label);
	snprintf(line_with_space, sizeof line_with_space, "%s", line);
	snprintf(process->handler, sizeof process->handler, "log");
	option(line_with_space, "handler", process->handler, sizeof process->handler);
	process->shared = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) { }
	fflush(stdout);
	process->pid = fork();
	if (process->pid == 0) {
		close(pair[0]);
		process->socket = pair[1];
		child_main(process);
	}
	close(pair[1]);
	process->socket = pair[0];
	process->alive = 1;
	printf("{\"ev\":\"proc\",\"proc\":\"%s\",\"pid\":%d,\"comm\":\"mf%s\",\"handler\":\"%s\"}\n", process->label, process->pid, process->label, process->handler);
}

static void run_plan(const char *path)
{
	char line[1024], verb[32], label[64], answer[262144];
	FILE *file = fopen(path, "r");
	int n = 0;
	signal(SIGPIPE, SIG_IGN);
	while (file && fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = 0;
		verb[0] = label[0] = 0;
		sscanf(line, "%31s %63s", verb, label);
		struct process *process = labelled(label);
		if (strcmp(verb, "proc") == 0)
			start(line);
		else if (strcmp(verb, "inject") == 0)
			run_inject(line, ++n);
		else if (strcmp(verb, "settle") == 0)
			usleep(atoi(label) * 1000);
		else if (strcmp(verb, "exit") == 0 && process) {
			if (write(process->socket, "exit\n", 5) < 0) { }
			usleep(200000);
			reap(process);
		} else if (strcmp(verb, "sh") == 0) {
			const char *command = strstr(line + 3, " ");
			int status = system(command ? command : "true");
			printf("{\"ev\":\"sh\",\"rc\":%d}\n", status);
		} else if (process) {
			int touch = strcmp(verb, "touch") == 0;
			if (touch)
				marker("TOUCH %s", line);
			if (ask(process, line, answer, sizeof answer, 5000))
				printf("%s\n", answer);
			else
				printf("{\"ev\":\"anomaly\",\"text\":\"no answer to: %s\"}\n", line);
			if (touch)
				marker("TOUCH-END");
		} else if (verb[0])
			printf("{\"ev\":\"anomaly\",\"text\":\"not understood: %s\"}\n", line);
		fflush(stdout);
	}
	print_states("end", 0);
	for (int i = 0; i < process_count; i++)
		kill(processes[i].pid, SIGKILL);
}

// ---- what a filesystem looks like ----

static const char *const owners[] = { "", "xfs:static_fs_metadata", "xfs:log", "xfs:per_ag_metadata", "xfs:inode_btree", "xfs:inodes", "xfs:refcount_btree", "xfs:cow_staging", "xfs:defective" };

static void print_owner(const struct fsmap *map)
{
	unsigned type = map->fmr_owner >> 32, code = map->fmr_owner & 0xffffffff;
	if (!(map->fmr_flags & FMR_OF_SPECIAL_OWNER))
		printf("%llu", (unsigned long long)map->fmr_owner);
	else if (type == 0)
		printf("\"%s\"", code == 1 ? "free" : code == 2 ? "unknown" : "metadata");
	else if (type == 'X' && code < sizeof owners / sizeof *owners)
		printf("\"%s\"", owners[code]);
	else
		printf("\"special:%u:%u\"", type, code);
}

static void print_fsmap(const char *mountpoint)
{
	size_t size = fsmap_sizeof(4096);
	struct fsmap_head *head = calloc(1, size);
	int fd = open(mountpoint, O_RDONLY);
	head->fmh_count = 4096;
	head->fmh_keys[1] = (struct fsmap){ .fmr_device = UINT32_MAX, .fmr_flags = UINT32_MAX, .fmr_physical = UINT64_MAX, .fmr_owner = UINT64_MAX, .fmr_offset = UINT64_MAX };
	if (ioctl(fd, FS_IOC_GETFSMAP, head)) {
		printf("{\"ev\":\"fsmap\",\"mountpoint\":\"%s\",\"errno\":%d,\"records\":[]}\n", mountpoint, errno);
		return;
	}
	printf("{\"ev\":\"fsmap\",\"mountpoint\":\"%s\",\"entries\":%u,\"records\":[", mountpoint, head->fmh_entries);
	for (unsigned i = 0; i < head->fmh_entries; i++) {
		struct fsmap *map = &head->fmh_recs[i];
		printf("%s{\"dev\":\"%u:%u\",\"physical\":%llu,\"length\":%llu,\"owner\":", i ? "," : "", major(map->fmr_device), minor(map->fmr_device),
		       (unsigned long long)map->fmr_physical, (unsigned long long)map->fmr_length);
		print_owner(map);
		printf(",\"offset\":%llu,\"flags\":\"0x%x\",\"attr_fork\":%s,\"bmbt\":%s,\"shared\":%s,\"unwritten\":%s}",
		       (unsigned long long)map->fmr_offset, map->fmr_flags, map->fmr_flags & FMR_OF_ATTR_FORK ? "true" : "false",
		       map->fmr_flags & FMR_OF_EXTENT_MAP ? "true" : "false", map->fmr_flags & FMR_OF_SHARED ? "true" : "false",
		       map->fmr_flags & FMR_OF_PREALLOC ? "true" : "false");
	}
	printf("]}\n");
}

static void print_file(const char *mountpoint, const char *path)
{
	struct stat st;
	int fd = lstat(path, &st) ? -1 : open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return;
	struct fsxattr attributes = { 0 };
	ioctl(fd, FS_IOC_FSGETXATTR, &attributes);
	printf("{\"ev\":\"file\",\"mountpoint\":\"%s\",\"path\":\"%s\",\"ino\":%lu,\"size\":%lu,\"mode\":\"0%o\",\"xflags\":\"0x%x\"", mountpoint, path,
	       (unsigned long)st.st_ino, (unsigned long)st.st_size, st.st_mode, attributes.fsx_xflags);
	struct fiemap *map = calloc(1, sizeof *map + 1024 * sizeof(struct fiemap_extent));
	map->fm_length = ~0ULL;
	map->fm_extent_count = 1024;
	map->fm_flags = S_ISREG(st.st_mode) ? FIEMAP_FLAG_SYNC : 0;
	if (ioctl(fd, FS_IOC_FIEMAP, map))
		printf(",\"fiemap_errno\":%d}\n", errno);
	else {
		printf(",\"extents\":[");
		for (unsigned i = 0; i < map->fm_mapped_extents; i++) {
			struct fiemap_extent *extent = &map->fm_extents[i];
			printf("%s{\"logical\":%llu,\"physical\":%llu,\"length\":%llu,\"flags\":\"0x%x\",\"shared\":%s,\"unwritten\":%s,\"delalloc\":%s}", i ? "," : "",
			       (unsigned long long)extent->fe_logical, (unsigned long long)extent->fe_physical, (unsigned long long)extent->fe_length,
			       extent->fe_flags, extent->fe_flags & FIEMAP_EXTENT_SHARED ? "true" : "false",
			       extent->fe_flags & FIEMAP_EXTENT_UNWRITTEN ? "true" : "false", extent->fe_flags & FIEMAP_EXTENT_DELALLOC ? "true" : "false");
		}
		printf("]}\n");
	}
	free(map);
	close(fd);
	DIR *directory = S_ISDIR(st.st_mode) ? opendir(path) : NULL;
	struct dirent *entry;
	while (directory && (entry = readdir(directory))) {
		char below[512];
		if (entry->d_name[0] == '.' || strncmp(entry->d_name, "filler", 6) == 0)
			continue;
		snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
		print_file(mountpoint, below);
	}
	if (directory)
		closedir(directory);
}

// Each line "function arguments" of `path` with the function's symbol in the running kernel, or "-", in between.
static void print_symbols(const char *path)
{
	static struct { char name[64], args[512], symbol[96]; } probes[128];
	char line[1024], symbol[512];
	int count = 0;
	FILE *file = fopen(path, "r");
	while (file && count < 128 && fgets(line, sizeof line, file))
		if (sscanf(line, "%63s %511[^\n]", probes[count].name, probes[count].args) >= 1)
			strcpy(probes[count++].symbol, "-");
	file = fopen("/proc/kallsyms", "r");
	while (file && fgets(line, sizeof line, file)) {
		char type;
		if (sscanf(line, "%*s %c %511s", &type, symbol) != 2 || (type | 32) != 't')
			continue;
		size_t length = strcspn(symbol, ".");
		const char *rest = symbol + length;
		int clone = strncmp(rest, ".part.", 6) == 0 || strncmp(rest, ".isra.", 6) == 0 || strncmp(rest, ".constprop.", 11) == 0;
		for (int i = 0; (!*rest || clone) && i < count; i++)
			if (strncmp(probes[i].name, symbol, length) == 0 && !probes[i].name[length] && (!*rest || probes[i].symbol[0] == '-'))
				snprintf(probes[i].symbol, sizeof probes[i].symbol, "%s", symbol);
	}
	for (int i = 0; i < count; i++)
		printf("%s %s %s\n", probes[i].name, probes[i].symbol, probes[i].args);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "run") == 0)
		run_plan(argv[2]);
	else if (argc == 3 && strcmp(argv[1], "symbols") == 0)
		print_symbols(argv[2]);
	else if (argc == 3 && strcmp(argv[1], "fs") == 0) {
		print_file(argv[2], argv[2]);
		print_fsmap(argv[2]);
	} else if (argc == 5 && strcmp(argv[1], "attr") == 0) {
		static char value[65536];
		memset(value, 'v', sizeof value);
		return setxattr(argv[2], argv[3], value, atoi(argv[4]), 0) ? 1 : 0;
	} else if (argc == 4 && strcmp(argv[1], "where") == 0) {
		// Byte of the filesystem's device behind a byte of a file.
		struct { struct fiemap map; struct fiemap_extent extent; } one = { .map = { .fm_start = strtoul(argv[3], NULL, 0), .fm_length = 1, .fm_extent_count = 1, .fm_flags = FIEMAP_FLAG_SYNC } };
		int fd = open(argv[2], O_RDONLY);
		if (ioctl(fd, FS_IOC_FIEMAP, &one) || !one.map.fm_mapped_extents)
			return 1;
		printf("%llu\n", (unsigned long long)(one.extent.fe_physical + one.map.fm_start - one.extent.fe_logical));
	} else if (argc == 4 && strcmp(argv[1], "owned") == 0) {
		// First byte of the first reverse-map record of an owner (name or inode number); "+attr", "+bmbt" pick forks.
		char line[256];
		snprintf(line, sizeof line, "%s", argv[3]);
		char *plus = strchr(line, '+');
		if (plus)
			*plus++ = 0;
		struct fsmap_head *head = calloc(1, fsmap_sizeof(4096));
		head->fmh_count = 4096;
		head->fmh_keys[1] = (struct fsmap){ .fmr_device = UINT32_MAX, .fmr_flags = UINT32_MAX, .fmr_physical = UINT64_MAX, .fmr_owner = UINT64_MAX, .fmr_offset = UINT64_MAX };
		ioctl(open(argv[2], O_RDONLY), FS_IOC_GETFSMAP, head);
		for (unsigned i = 0; i < head->fmh_entries; i++) {
			struct fsmap *map = &head->fmh_recs[i];
			unsigned code = map->fmr_owner & 0xffffffff, type = map->fmr_owner >> 32;
			int special = map->fmr_flags & FMR_OF_SPECIAL_OWNER;
			const char *name = !special ? NULL : type == 0 ? (code == 1 ? "free" : "unknown") : type == 'X' && code < 9 ? owners[code] : "";
			int attr = map->fmr_flags & FMR_OF_ATTR_FORK, bmbt = map->fmr_flags & FMR_OF_EXTENT_MAP;
			if (name ? strcmp(name, line) != 0 : special || strtoul(line, NULL, 10) != map->fmr_owner || line[0] < '0' || line[0] > '9')
				continue;
			if (plus && ((strcmp(plus, "attr") == 0 && !attr) || (strcmp(plus, "bmbt") == 0 && !bmbt)))
				continue;
			printf("%llu\n", (unsigned long long)map->fmr_physical);
			return 0;
		}
		return 1;
	}
	return 0;
}
