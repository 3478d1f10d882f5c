#ifndef LESIONQC_CCRYPTO_SHIM_H
#define LESIONQC_CCRYPTO_SHIM_H
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#endif
