/* clv_storage_postgres.h - a store in PostgreSQL (14 or later), from libclv_postgres.so.
 *
 *   clv_engine_options o = CLV_SIZED(clv_engine_options);
 *   o.storage = clv_storage_postgres();
 *   o.path = "host=/run/postgresql dbname=crm options=-csearch_path=clv";
 *
 * `path` is a libpq connection string or URI. A store is one schema: the first of the search_path,
 * made when it is not there; it holds nothing but the store. */
#ifndef CLV_STORAGE_POSTGRES_H
#define CLV_STORAGE_POSTGRES_H
#include "clv_storage.h"
CLV_BEGIN_C

/* The table, static, for clv_engine_options.storage. [any] */
CLV_API const clv_storage* CLV_CALL clv_storage_postgres(void) CLV_NOEXCEPT;

CLV_END_C
#endif
