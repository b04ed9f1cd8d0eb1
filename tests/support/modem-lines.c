/*
 * Gives a pseudo-terminal the modem lines that it lacks. Loaded in front of the C library (LD_PRELOAD); for the terminal
 * that MODEM_TTY names, the lines that are on are read from the file MODEM_LINES, as TIOCM_* bits in hexadecimal.
 * What is set goes nowhere. A terminal whose other side is closed answers as the system does.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

typedef int (*ioctl_function)(int, unsigned long, ...);

static int is_ours(int fd) {
  const char *name = getenv("MODEM_TTY");
  char link[64], path[PATH_MAX], wanted[PATH_MAX];
  if (name == NULL || realpath(name, wanted) == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return strcmp(path, wanted) == 0;
}

static int lines_on(void) {
  unsigned int bits = 0;
  const char *name = getenv("MODEM_LINES");
  FILE *file = name == NULL ? NULL : fopen(name, "r");
  if (file == NULL) return 0;
  if (fscanf(file, "%x", &bits) != 1) bits = 0;
  fclose(file);
  return (int)bits;
}

int ioctl(int fd, unsigned long request, ...) {
  static ioctl_function next;
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  if (next == NULL) next = (ioctl_function)dlsym(RTLD_NEXT, "ioctl");
  int is_modem = request == TIOCMGET || request == TIOCMSET || request == TIOCMBIS || request == TIOCMBIC;
  int unsent;
  if (!is_modem || !is_ours(fd)) return next(fd, request, argument);
  if (next(fd, TIOCOUTQ, &unsent) != 0) return -1;
  if (request == TIOCMGET) *(int *)argument = lines_on();
  return 0;
}
