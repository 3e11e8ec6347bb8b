/* A setting of SQLite that is made by its variadic call, which Swift cannot call. */
#include <sqlite3.h>

/* Keeps no count of the memory in use, for all databases of the process: every allocation of every thread would wait for
 * the lock on it. To be called before the first database is opened; returns SQLite's code, SQLITE_MISUSE when too late. */
static inline int redress_sqlite_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
