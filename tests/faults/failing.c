/* Makes the n-th call that writes, reads or syncs a file under one folder fail, as a full or dying disk does.

   Loaded with LD_PRELOAD. fail_at(sort, n, error) arms it: sort is 'w', 'r' or 's', n counts from 1, 0 disarms.
   From the n-th call on every call of that sort fails, until it is disarmed. calls() says how many there were. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int armed_sort, armed_error;
static long armed_at, seen;

void fail_at(int sort, long n, int error) { armed_sort = sort; armed_at = n; armed_error = error; seen = 0; }
long calls(void) { return seen; }

static int fails(int sort, int fd) {
    char link[64], path[4096];
    const char *folder = getenv("FAILING_FOLDER");
    ssize_t length;
    if (sort != armed_sort || !armed_at || !folder) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder))) return 0;
    if (__sync_add_and_fetch(&seen, 1) < armed_at) return 0;
    errno = armed_error;
    return 1;
}

#define NEXT(name) __typeof__(name) *next = (__typeof__(name) *) dlsym(RTLD_NEXT, #name)
ssize_t write(int fd, const void *b, size_t n) { NEXT(write); return fails('w', fd) ? -1 : next(fd, b, n); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { NEXT(pwrite); return fails('w', fd) ? -1 : next(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { NEXT(pwrite64); return fails('w', fd) ? -1 : next(fd, b, n, o); }
ssize_t writev(int fd, const struct iovec *v, int n) { NEXT(writev); return fails('w', fd) ? -1 : next(fd, v, n); }
ssize_t read(int fd, void *b, size_t n) { NEXT(read); return fails('r', fd) ? -1 : next(fd, b, n); }
ssize_t pread(int fd, void *b, size_t n, off_t o) { NEXT(pread); return fails('r', fd) ? -1 : next(fd, b, n, o); }
ssize_t pread64(int fd, void *b, size_t n, off64_t o) { NEXT(pread64); return fails('r', fd) ? -1 : next(fd, b, n, o); }
int fsync(int fd) { NEXT(fsync); return fails('s', fd) ? -1 : next(fd); }
int fdatasync(int fd) { NEXT(fdatasync); return fails('s', fd) ? -1 : next(fd); }
