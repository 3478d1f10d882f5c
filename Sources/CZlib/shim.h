#ifndef LESIONQC_CZLIB_SHIM_H
#define LESIONQC_CZLIB_SHIM_H
#include <zlib.h>
#endif
