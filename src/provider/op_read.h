/* op_read - the "ops" of a descriptor into its op_spec array. */
#ifndef PROVIDER_OP_READ_H
#define PROVIDER_OP_READ_H

#include "provider/reader.h"

read_fn read_ops; /* struct op_spec[OP__MAX] */

#endif
