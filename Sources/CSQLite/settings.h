/* Settings of SQLite that are made by its variadic call, which Swift cannot call. */
#include <sqlite3.h>

/* How many bytes of pages as they were before a savepoint stay in memory; what is more goes into a temporary file.
 * For all databases of the process, before the first is opened. Returns SQLite's code: SQLITE_MISUSE when too late. */
static inline int redress_keep_savepoints_in_memory(int bytes) {
    return sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, bytes);
}
