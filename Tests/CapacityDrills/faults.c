/* Loaded before a program (LD_PRELOAD) to count its writes and syncs under one folder, break one of them, or record all.
 *
 * FAULT_FOLDER  only files under it count; the shared-memory index of SQLite does not, it is rebuilt after a crash
 * FAULT_AT      the number of the step to break, from 1; 0 breaks none
 * FAULT_MODE    kill: SIGKILL before the step; torn: half of a write, then SIGKILL; eio, enospc: the step fails
 * FAULT_TRACE   a file that gets every step: "type offset length path\n" and the bytes
 * FAULT_CLOCK   seconds that are added to the time of day
 * FAULT_COUNT   a file that gets the number of steps at the end
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long steps;

static const char *watched(int fd, char *path, size_t size) {
    const char *folder = getenv("FAULT_FOLDER");
    char link[64];
    if (!folder) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length <= 0) return NULL;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return NULL;
    if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return NULL;
    return path;
}

/* Appends to the trace without passing through the functions below. */
static void record(char type, const char *path, const void *bytes, long long offset, size_t length) {
    static ssize_t (*raw)(int, const void *, size_t);
    static int trace = -2;
    if (trace == -2) {
        const char *name = getenv("FAULT_TRACE");
        trace = name ? open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
        raw = dlsym(RTLD_NEXT, "write");
    }
    if (trace < 0) return;
    char head[4200];
    int size = snprintf(head, sizeof head, "%c %lld %zu %s\n", type, offset, length, path);
    if (raw(trace, head, size) != size || (bytes && raw(trace, bytes, length) != (ssize_t)length)) abort();
}

/* Counts the step; true when it is to fail, with errno set. `tears` asks for a torn write. */
static int broken(int *tears) {
    const char *at = getenv("FAULT_AT"), *mode = getenv("FAULT_MODE");
    steps++;
    *tears = 0;
    if (!at || !mode || steps != atol(at)) return 0;
    if (!strcmp(mode, "kill")) kill(getpid(), SIGKILL);
    if (!strcmp(mode, "torn")) *tears = 1;
    if (!strcmp(mode, "eio")) return errno = EIO, 1;
    if (!strcmp(mode, "enospc")) return errno = ENOSPC, 1;
    return 0;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    REAL(pwrite64);
    char path[4096];
    if (!watched(fd, path, sizeof path)) return real(fd, bytes, length, offset);
    pthread_mutex_lock(&lock);
    int tears, fails = broken(&tears);
    if (tears) { real(fd, bytes, length / 2, offset); kill(getpid(), SIGKILL); }
    if (!fails) record('W', path, bytes, offset, length);
    ssize_t result = fails ? -1 : real(fd, bytes, length, offset);
    pthread_mutex_unlock(&lock);
    return result;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write);
    char path[4096];
    if (!watched(fd, path, sizeof path)) return real(fd, bytes, length);
    pthread_mutex_lock(&lock);
    int tears, fails = broken(&tears);
    if (tears) { real(fd, bytes, length / 2); kill(getpid(), SIGKILL); }
    if (!fails) record('W', path, bytes, lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR), length);
    ssize_t result = fails ? -1 : real(fd, bytes, length);
    pthread_mutex_unlock(&lock);
    return result;
}

static int synced(int fd, int (*real)(int)) {
    char path[4096];
    if (!watched(fd, path, sizeof path)) return real(fd);
    pthread_mutex_lock(&lock);
    int tears, fails = broken(&tears);
    if (tears) kill(getpid(), SIGKILL);
    int result = fails ? -1 : real(fd);
    if (!result) record('S', path, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int fdatasync(int fd) { REAL(fdatasync); return synced(fd, real); }
int fsync(int fd) { REAL(fsync); return synced(fd, real); }

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    char path[4096];
    if (!watched(fd, path, sizeof path)) return real(fd, size);
    pthread_mutex_lock(&lock);
    int tears, fails = broken(&tears);
    if (tears) kill(getpid(), SIGKILL);
    int result = fails ? -1 : real(fd, size);
    if (!result) record('T', path, NULL, size, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static long clock_offset(void) {
    const char *seconds = getenv("FAULT_CLOCK");
    return seconds ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    REAL(clock_gettime);
    int result = real(clock, at);
    if (!result && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += clock_offset();
    return result;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    REAL(gettimeofday);
    int result = real(at, zone);
    if (!result) at->tv_sec += clock_offset();
    return result;
}

__attribute__((destructor)) static void finish(void) {
    const char *name = getenv("FAULT_COUNT");
    FILE *file = name ? fopen(name, "w") : NULL;
    if (!file) return;
    fprintf(file, "%ld\n", steps);
    fclose(file);
}
