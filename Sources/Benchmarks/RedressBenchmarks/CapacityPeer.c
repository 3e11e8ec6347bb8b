/* Replays recorded transactions against an SQLite file: the same statements, issued raw. Built by CapacityBenchmark.
 *
 * usage: peer DATABASE TRACE TRANSACTIONS-A-COMMIT
 * prints: seconds p50_us p99_us transactions
 * The trace: lines "Q <bytes>" + SQL, "B", "X <query> <parameters>" + one line a parameter, "C".
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_QUERIES = 1024 };

static sqlite3 *database;
static sqlite3_stmt *statements[MAX_QUERIES];
static int statement_count;

static void fail(const char *what) {
    fprintf(stderr, "peer: %s: %s\n", what, sqlite3_errmsg(database));
    exit(1);
}

static void run(const char *sql) {
    if (sqlite3_exec(database, sql, 0, 0, 0) != SQLITE_OK) fail(sql);
}

static double now_us(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int by_size(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return difference < 0 ? -1 : difference > 0;
}

static char *line_end(char *at) {
    char *end = strchr(at, '\n');
    if (!end) { fprintf(stderr, "peer: the trace is cut off\n"); exit(1); }
    *end = 0;
    return end + 1;
}

static int nibble(char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

/* Binds one parameter line: n | i<number> | r<number> | t<bytes> + text | b<bytes> + text in hex. */
static char *bind(sqlite3_stmt *statement, int index, char *at) {
    char *next = line_end(at);
    if (at[0] == 'n') { sqlite3_bind_null(statement, index); return next; }
    if (at[0] == 'i') { sqlite3_bind_int64(statement, index, strtoll(at + 1, 0, 10)); return next; }
    if (at[0] == 'r') { sqlite3_bind_double(statement, index, strtod(at + 1, 0)); return next; }
    size_t length = strtoull(at + 1, 0, 10);
    if (at[0] == 't') { sqlite3_bind_text(statement, index, next, (int)length, SQLITE_STATIC); return next + length + 1; }
    unsigned char *bytes = sqlite3_malloc64(length ? length : 1);
    for (size_t i = 0; i < length; i++) bytes[i] = (unsigned char)(nibble(next[2 * i]) << 4 | nibble(next[2 * i + 1]));
    sqlite3_bind_blob(statement, index, bytes, (int)length, sqlite3_free);
    return next + 2 * length + 1;
}

static char *execute(char *at) {
    char *next = line_end(at);
    /* Not sscanf: it measures the whole rest of the trace first, and the peer would be slow for nothing. */
    char *number = at + 1;
    long query = strtol(number, &number, 10), parameters = strtol(number, &number, 10);
    sqlite3_stmt *statement = statements[query];
    for (int index = 1; index <= parameters; index++) next = bind(statement, index, next);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int column = 0; column < sqlite3_column_count(statement); column++)
            (void)sqlite3_column_bytes(statement, column);
    }
    if (code != SQLITE_DONE) fail(sqlite3_sql(statement));
    sqlite3_reset(statement);
    return next;
}

int main(int count, char **arguments) {
    if (count != 4) { fprintf(stderr, "usage: peer DATABASE TRACE GROUP\n"); return 2; }
    FILE *file = fopen(arguments[2], "rb");
    if (!file) { perror("peer"); return 1; }
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    char *trace = malloc((size_t)length + 1);
    if (!trace || fread(trace, 1, (size_t)length, file) != (size_t)length) { perror("peer"); return 1; }
    trace[length] = 0;
    int group = atoi(arguments[3]), in_group = 0;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* as redress sets it, and what follows */
    if (sqlite3_open(arguments[1], &database) != SQLITE_OK) fail("open");
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA foreign_keys = ON");
    run("PRAGMA wal_autocheckpoint = 10000");
    run("PRAGMA cache_size = -65536");
    run("PRAGMA temp_store = MEMORY");
    double *times = malloc(sizeof(double) * (size_t)(length / 2 + 1)), started = now_us(), began = started;
    long transactions = 0;
    for (char *at = trace; *at;) {
        if (at[0] == 'Q') {
            char *next = line_end(at);
            long bytes = strtol(at + 2, 0, 10);
            if (sqlite3_prepare_v3(database, next, (int)bytes, SQLITE_PREPARE_PERSISTENT, &statements[statement_count++], 0)
                != SQLITE_OK) fail("prepare");
            at = next + bytes + 1;
        } else if (at[0] == 'B') {
            at = line_end(at);
            began = now_us();
            if (in_group++ == 0) run("BEGIN IMMEDIATE");
        } else if (at[0] == 'C') {
            at = line_end(at);
            if (in_group == group) { run("COMMIT"); in_group = 0; }
            times[transactions++] = now_us() - began;
        } else {
            at = execute(at);
        }
    }
    if (in_group) run("COMMIT");
    double seconds = (now_us() - started) / 1e6;
    qsort(times, (size_t)transactions, sizeof(double), by_size);
    printf("%f %f %f %ld\n", seconds, times[transactions / 2], times[transactions * 99 / 100], transactions);
    for (int index = 0; index < statement_count; index++) sqlite3_finalize(statements[index]);
    return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
