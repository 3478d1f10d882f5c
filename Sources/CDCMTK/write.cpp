#include "shim.h"

#include "dcmtk/dcmdata/dcuid.h"
#include "dcmtk/oflog/oflog.h"

#include <memory>

struct cdcmtk_file {
  DcmFileFormat format;
};

namespace {
DcmItem *unwrap(cdcmtk_item *item) { return reinterpret_cast<DcmItem *>(item); }
cdcmtk_item *wrap(DcmItem *item) { return reinterpret_cast<cdcmtk_item *>(item); }
}  // namespace

void quiet() { OFLog::configure(OFLogger::OFF_LOG_LEVEL); }

int failed(const OFCondition &condition, char *reason, size_t reason_size) {
  snprintf(reason, reason_size, "%s", condition.text());
  return 1;
}

cdcmtk_file *cdcmtk_file_new(void) {
  quiet();
  return new (std::nothrow) cdcmtk_file;
}
void cdcmtk_file_free(cdcmtk_file *file) { delete file; }
cdcmtk_item *cdcmtk_file_data_set(cdcmtk_file *file) { return wrap(file->format.getDataset()); }

int cdcmtk_put(cdcmtk_item *item, uint16_t group, uint16_t element, const char *vr, const void *bytes, size_t count) {
  const DcmVR kind(vr);
  const DcmTag tag(group, element, kind);
  DcmItem &target = *unwrap(item);
  OFCondition done;
  if (kind.isaString()) {
    done = target.putAndInsertString(tag, static_cast<const char *>(bytes), static_cast<Uint32>(count));
    return done.bad();
  }
  DcmElement *made = nullptr;
  if (DcmItem::newDicomElementWithVR(made, tag).bad() || !made) return 1;
  std::unique_ptr<DcmElement> owned(made);
  switch (kind.getEVR()) {
    case EVR_US: case EVR_OW: done = made->putUint16Array(static_cast<const Uint16 *>(bytes), count / 2); break;
    case EVR_AT: done = made->putUint16Array(static_cast<const Uint16 *>(bytes), count / 4); break;
    case EVR_SS: done = made->putSint16Array(static_cast<const Sint16 *>(bytes), count / 2); break;
    case EVR_UL: done = made->putUint32Array(static_cast<const Uint32 *>(bytes), count / 4); break;
    case EVR_SL: done = made->putSint32Array(static_cast<const Sint32 *>(bytes), count / 4); break;
    case EVR_FL: case EVR_OF: done = made->putFloat32Array(static_cast<const Float32 *>(bytes), count / 4); break;
    case EVR_FD: case EVR_OD: done = made->putFloat64Array(static_cast<const Float64 *>(bytes), count / 8); break;
    default: done = made->putUint8Array(static_cast<const Uint8 *>(bytes), count); break;
  }
  if (done.bad()) return 1;
  if (target.insert(made, OFTrue).bad()) return 1;
  owned.release();
  return 0;
}

int cdcmtk_put_sequence(cdcmtk_item *item, uint16_t group, uint16_t element) {
  return unwrap(item)->insertEmptyElement(DcmTag(group, element, EVR_SQ)).bad();
}

cdcmtk_item *cdcmtk_add_item(cdcmtk_item *item, uint16_t group, uint16_t element) {
  DcmItem *made = nullptr;
  // -2: a new item behind the last one.
  return unwrap(item)->findOrCreateSequenceItem(DcmTag(group, element, EVR_SQ), made, -2).good() ? wrap(made) : nullptr;
}

int cdcmtk_write(cdcmtk_file *file, const char *path, char *reason, size_t reason_size) {
  try {
    const OFCondition done =
      file->format.saveFile(path, EXS_LittleEndianExplicit, EET_ExplicitLength, EGL_recalcGL, EPD_withoutPadding);
    return done.bad() ? failed(done, reason, reason_size) : 0;
  } catch (const std::exception &error) {
    snprintf(reason, reason_size, "%s", error.what());
    return 1;
  }
}

const char *cdcmtk_version(void) { return OFFIS_DCMTK_VERSION_STRING; }
