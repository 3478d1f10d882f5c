#ifndef LESIONQC_CONEDNN_SHIM_H
#define LESIONQC_CONEDNN_SHIM_H
// Version 2 of the C API (Debian 12: 2.6). Every call stands in Sources/Networks/OneDNN, but for
// that of the version in Sources/Software.
#include <dnnl.h>
#endif
