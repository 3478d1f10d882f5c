#ifndef LESIONQC_CCRYPTO_SHIM_H
#define LESIONQC_CCRYPTO_SHIM_H
#include <openssl/evp.h>
#endif
