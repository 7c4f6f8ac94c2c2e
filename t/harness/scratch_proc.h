/* scratch_proc - the processes and the folder behind scratch.h. */
#ifndef T_SCRATCH_PROC_H
#define T_SCRATCH_PROC_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * The folder of this program, made when first asked for and owned by the
 * user the servers run as. A keeper process outlives the program by a
 * moment: it ends the servers and removes the folder.
 */
const char *scratch_folder(void);

/* Run `argv` as that user, output to <folder>/<log>; the child's pid. */
pid_t scratch_spawn(const char *log, const char *const *argv);

/* Run to the end; ends the test program when that fails. */
void scratch_run(const char *log, const char *const *argv);

/* End the child by `sig` and wait for it. */
void scratch_kill(pid_t pid, int sig);

/* Until `is_ready` holds; ends the test program after 30 s. */
void scratch_wait(const char *what, bool (*is_ready)(void));

_Noreturn void scratch_die(const char *what, const char *why);

#endif
