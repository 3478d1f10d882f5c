#ifndef LESIONQC_CONEDNN_SHIM_H
#define LESIONQC_CONEDNN_SHIM_H
#include <dnnl.h>

// Swift cannot import macros that are casts.
static inline void *lesionqc_dnnl_memory_allocate(void) { return DNNL_MEMORY_ALLOCATE; }
static inline void *lesionqc_dnnl_memory_none(void) { return DNNL_MEMORY_NONE; }

#endif
