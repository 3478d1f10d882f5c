// The little of DCMTK that the target DICOM uses: read a data set, build and write one, send files.
// Functions that return int return 0 for success and write one line into `reason` otherwise.
#ifndef CDCMTK_H
#define CDCMTK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  CDCMTK_ELEMENT,  // a value: text in UTF-8, or binary in the machine's byte order (little endian)
  CDCMTK_SEQUENCE_BEGIN,
  CDCMTK_ITEM_BEGIN,
  CDCMTK_ITEM_END,
  CDCMTK_SEQUENCE_END,
};

// What is met while a data set is walked through, in the order of the file; `vr` has two letters and an end.
typedef void (*cdcmtk_visitor)(void *context, int event, uint16_t group, uint16_t element, const char *vr, const void *bytes, size_t count);

// Walks through the data set of a file. Values of more than `limit` bytes are met with a count and no bytes.
// The nesting of sequences is not bounded here: DataSetGuard looks at the file before.
int cdcmtk_read(const char *path, size_t limit, cdcmtk_visitor visitor, void *context, char *reason, size_t reason_size);

// A data set that is being built; the items in it belong to it.
typedef struct cdcmtk_file cdcmtk_file;
typedef struct cdcmtk_item cdcmtk_item;
cdcmtk_file *cdcmtk_file_new(void);
void cdcmtk_file_free(cdcmtk_file *file);
cdcmtk_item *cdcmtk_file_data_set(cdcmtk_file *file);

// Sets a value: text for the VRs of text, little-endian binary for the others.
int cdcmtk_put(cdcmtk_item *item, uint16_t group, uint16_t element, const char *vr, const void *bytes, size_t count);
// Adds a sequence without items, and an item to the end of a sequence; NULL where that fails.
int cdcmtk_put_sequence(cdcmtk_item *item, uint16_t group, uint16_t element);
cdcmtk_item *cdcmtk_add_item(cdcmtk_item *item, uint16_t group, uint16_t element);
// Writes the file with its meta header, explicit VR little endian.
int cdcmtk_write(cdcmtk_file *file, const char *path, char *reason, size_t reason_size);

// Sends files by C-STORE over one association. `answer` is told the status of each file (0: stored).
typedef void (*cdcmtk_answer)(void *context, int index, uint16_t status);
typedef struct {
  const char *host;
  uint16_t port;
  const char *own_title, *peer_title;
  int timeout_seconds;
} cdcmtk_peer;
int cdcmtk_store(const cdcmtk_peer *peer, const char *const *paths, int count, cdcmtk_answer answer, void *context, char *reason, size_t reason_size);

const char *cdcmtk_version(void);

#ifdef __cplusplus
}
#endif
#endif
