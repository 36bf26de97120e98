/* What goes over the wire smaller. */
#ifndef NVITOP_EXPORTER_ENCODE_H
#define NVITOP_EXPORTER_ENCODE_H

#include <stdbool.h>

struct str;

/* Does a request with this Accept-Encoding (NULL: none) take gzip? A name weighs
 * more than `*`; a `q=0` refuses it, and so does an identity that is liked better. */
bool encode_is_accepted(const char *accept_encoding);

/* The text becomes its gzip. False, and it is as it was, if that takes more memory than there is.
 */
bool encode_gzip(struct str *text);

#endif
