/* What the adapter needs of PostgreSQL's client library. */
#include <libpq-fe.h>
