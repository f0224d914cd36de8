/* Stands between a program and its C library for the files whose path starts with one prefix: it can fail the
 * n-th of the calls that write, sync, shorten, open or remove them, and it can record them for a replay.
 * LD_PRELOAD=shim.so; the program itself turns it on through the functions at the end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES 65536
static char prefix[4096];
static size_t prefix_length;
static char kind_of[FILES]; /* 0: not ours; else 1 + index of the ending below */
static const char *const endings[] = {"", "-wal", "-shm", "-journal", "-gate"};
static long left = -1, seen, failed;
static int error_number, sticky;
static int tape = -1;

static int kind(const char *path) {
    if (!prefix_length || !path || strncmp(path, prefix, prefix_length)) return 0;
    for (int n = 0; n < 5; n++)
        if (!strcmp(path + prefix_length, endings[n])) return n + 1;
    return 0;
}

static int mine(int fd) { return fd >= 0 && fd < FILES ? kind_of[fd] : 0; }

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static int fails(void) {
    seen++;
    if (left < 0) return 0;
    if (left > 0) { left--; return 0; }
    if (!sticky) left = -1;
    failed++;
    errno = error_number;
    return 1;
}

static void record(char what, int file, uint64_t offset, const void *data, uint32_t length) {
    static ssize_t (*out)(int, const void *, size_t);
    if (tape < 0 || file == 3 || file == 5) return; /* neither shared memory nor the gate outlives a power cut */
    if (!out) out = real("write");
    unsigned char head[14] = {(unsigned char)what, (unsigned char)file};
    memcpy(head + 2, &offset, 8);
    memcpy(head + 10, &length, 4);
    if (out(tape, head, 14) != 14 || (data && out(tape, data, length) != (ssize_t)length)) abort();
}

static int opened(int fd, int what, int flags) {
    if (what && fd >= 0 && fd < FILES) {
        kind_of[fd] = (char)what;
        if (flags & O_CREAT) record('O', what, 0, NULL, 0);
    }
    return fd;
}

#define OPEN(name)                                                                \
    int name(const char *path, int flags, ...) {                                  \
        static int (*f)(const char *, int, ...);                                  \
        if (!f) f = real(#name);                                                  \
        va_list rest;                                                             \
        va_start(rest, flags);                                                    \
        int mode = va_arg(rest, int), what = kind(path);                          \
        va_end(rest);                                                             \
        if (what && fails()) return -1;                                           \
        return opened(f(path, flags, mode), what, flags);                         \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    static int (*f)(int);
    if (!f) f = real("close");
    if (fd >= 0 && fd < FILES) kind_of[fd] = 0;
    return f(fd);
}

#define PWRITE(name, offset_type)                                                 \
    ssize_t name(int fd, const void *data, size_t length, offset_type offset) {   \
        static ssize_t (*f)(int, const void *, size_t, offset_type);              \
        if (!f) f = real(#name);                                                  \
        int what = mine(fd);                                                      \
        if (what && fails()) return -1;                                           \
        ssize_t done = f(fd, data, length, offset);                               \
        if (what && done > 0) record('W', what, (uint64_t)offset, data, (uint32_t)done); \
        return done;                                                              \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t length) {
    static ssize_t (*f)(int, const void *, size_t);
    if (!f) f = real("write");
    int what = mine(fd);
    if (what && fails()) return -1;
    off_t at = what ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = f(fd, data, length);
    if (what && done > 0) record('W', what, (uint64_t)at, data, (uint32_t)done);
    return done;
}

#define SYNC(name)                                                                \
    int name(int fd) {                                                            \
        static int (*f)(int);                                                     \
        if (!f) f = real(#name);                                                  \
        int what = mine(fd);                                                      \
        if (what && fails()) return -1;                                           \
        int done = f(fd);                                                         \
        if (what && !done) record('S', what, 0, NULL, 0);                         \
        return done;                                                              \
    }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, size_type)                                                 \
    int name(int fd, size_type size) {                                            \
        static int (*f)(int, size_type);                                          \
        if (!f) f = real(#name);                                                  \
        int what = mine(fd);                                                      \
        if (what && fails()) return -1;                                           \
        int done = f(fd, size);                                                   \
        if (what && !done) record('T', what, (uint64_t)size, NULL, 0);            \
        return done;                                                              \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int unlink(const char *path) {
    static int (*f)(const char *);
    if (!f) f = real("unlink");
    int what = kind(path);
    if (what && fails()) return -1;
    int done = f(path);
    if (what && !done) record('U', what, 0, NULL, 0);
    return done;
}

/* What the program calls. */
void shim_watch(const char *path) {
    strncpy(prefix, path, sizeof prefix - 1);
    prefix_length = strlen(prefix);
}
void shim_arm(long n, int number, int for_good) { left = n, error_number = number, sticky = for_good, failed = 0; }
void shim_disarm(void) { left = -1; }
long shim_failed(void) { return failed; }
long shim_seen(void) { return seen; }
void shim_tape(int fd) { tape = fd; }
void shim_mark(uint64_t n) { record('M', 0, n, NULL, 0); }
