#ifndef LESIONQC_CPNG_SHIM_H
#define LESIONQC_CPNG_SHIM_H
#include <png.h>
#endif
