/* Ends a process with SIGKILL just before its n-th change of names or its n-th flush: rename, fsync, unlink and rmdir.
 *
 * Put in front of the C library with LD_PRELOAD by tests; the program itself knows nothing of it. STOP_AT=n names the
 * call, counted from 1 over all of these functions and threads; without it nothing is stopped. STOP_COUNT=FILE: how many
 * calls there were is written there at the end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_long calls;

static void pass(void) {
  long now = atomic_fetch_add(&calls, 1) + 1;
  const char *at = getenv("STOP_AT");
  if (at && atol(at) == now) kill(getpid(), SIGKILL);
}

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("STOP_COUNT");
  if (!path) return;
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%ld\n", (long)calls);
  fclose(file);
}

#define WRAP(name, parameters, arguments)                                      \
  int name parameters {                                                        \
    static int(*next) parameters;                                              \
    if (!next) next = (int(*) parameters)dlsym(RTLD_NEXT, #name);              \
    pass();                                                                    \
    return next arguments;                                                     \
  }

WRAP(rename, (const char *from, const char *to), (from, to))
WRAP(renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags))
WRAP(fsync, (int descriptor), (descriptor))
WRAP(fdatasync, (int descriptor), (descriptor))
WRAP(unlink, (const char *path), (path))
WRAP(unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
WRAP(rmdir, (const char *path), (path))
