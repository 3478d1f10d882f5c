#ifndef LESIONQC_CPEAK_H
#define LESIONQC_CPEAK_H

// GFLOP/s of fused multiply-adds in registers on this many threads at once: what a processor can do when nothing waits for
// memory. Best of a few short runs.
double lqc_measured_peak(int threads);

#endif
