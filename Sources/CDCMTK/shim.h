// What the files of the shim share.
#ifndef CDCMTK_SHIM_H
#define CDCMTK_SHIM_H

#include "cdcmtk.h"
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

#include <cstdio>
#include <cstring>
#include <exception>

// Nothing of DCMTK's log reaches the terminal.
void quiet();
int failed(const OFCondition &condition, char *reason, size_t reason_size);

#endif
