#ifndef LESIONQC_CKERNELS_H
#define LESIONQC_CKERNELS_H

// The few vector kernels that oneDNN lacks. Each stands beside a plain reference.

#endif
