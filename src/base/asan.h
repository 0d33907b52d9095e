/* asan.h - is this a build with AddressSanitizer? SC_HAS_ASAN is 1 or 0. */
#ifndef SC_BASE_ASAN_H
#define SC_BASE_ASAN_H

#if defined(__SANITIZE_ADDRESS__)
#define SC_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SC_HAS_ASAN 1
#endif
#endif

#ifndef SC_HAS_ASAN
#define SC_HAS_ASAN 0
#endif

/* Memory that nobody may touch from here on, and that all may touch again. */
#if SC_HAS_ASAN
#include <sanitizer/asan_interface.h>
#define SC_POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define SC_UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define SC_POISON(p, n) ((void)(p), (void)(n))
#define SC_UNPOISON(p, n) ((void)(p), (void)(n))
#endif

#endif
