/*
 * seed - reproducible draws (splitmix64, Steele, Lea and Flood 2014):
 * integer arithmetic only, the same on every machine, so that a decision
 * can be recomputed years later from its stored seed.
 */
#ifndef PROVIDER_SEED_H
#define PROVIDER_SEED_H

#include <stdint.h>

struct seed {
	uint64_t state;
};

uint64_t seed_next(struct seed *s);

/* Uniform in [0, below); below > 0. */
uint64_t seed_below(struct seed *s, uint64_t below);

#endif
