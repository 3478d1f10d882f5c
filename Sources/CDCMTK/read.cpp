#include "shim.h"

namespace {

struct Walk {
  cdcmtk_visitor visitor;
  void *context;
  size_t limit;

  void item(DcmItem &item) const {
    for (unsigned long index = 0; index < item.card(); index++) element(*item.getElement(index));
  }

  void element(DcmElement &element) const {
    const DcmTag &tag = element.getTag();
    const DcmVR vr(element.ident() == EVR_SQ || element.ident() == EVR_pixelSQ ? element.ident() : element.getVR());
    if (element.ident() == EVR_SQ) {
      auto &sequence = static_cast<DcmSequenceOfItems &>(element);
      visitor(context, CDCMTK_SEQUENCE_BEGIN, tag.getGroup(), tag.getElement(), "SQ", nullptr, 0);
      for (unsigned long index = 0; index < sequence.card(); index++) {
        visitor(context, CDCMTK_ITEM_BEGIN, tag.getGroup(), tag.getElement(), "SQ", nullptr, 0);
        item(*sequence.getItem(index));
        visitor(context, CDCMTK_ITEM_END, tag.getGroup(), tag.getElement(), "SQ", nullptr, 0);
      }
      visitor(context, CDCMTK_SEQUENCE_END, tag.getGroup(), tag.getElement(), "SQ", nullptr, 0);
      return;
    }
    const size_t count = element.getLength();
    const void *bytes = nullptr;
    size_t shown = count;
    if (count <= limit && count != 0xFFFFFFFF) bytes = value(element, vr, shown);
    visitor(context, CDCMTK_ELEMENT, tag.getGroup(), tag.getElement(), vr.getValidVRName(), bytes, bytes ? shown : count);
  }

  // Text that was converted to UTF-8 may have another length than the file says.
  static const void *value(DcmElement &element, const DcmVR &vr, size_t &count) {
    if (vr.isaString()) {
      char *text = nullptr;
      if (element.getString(text).bad() || !text) { count = 0; return ""; }
      count = strlen(text);
      return text;
    }
    Uint8 *bytes = nullptr;
    Uint16 *words = nullptr;
    Uint32 *longs = nullptr;
    Float32 *floats = nullptr;
    Float64 *doubles = nullptr;
    Sint16 *shorts = nullptr;
    Sint32 *ints = nullptr;
    switch (vr.getValidEVR()) {
      case EVR_US: case EVR_AT: return element.getUint16Array(words).good() ? words : nullptr;
      case EVR_SS: return element.getSint16Array(shorts).good() ? shorts : nullptr;
      case EVR_UL: return element.getUint32Array(longs).good() ? longs : nullptr;
      case EVR_SL: return element.getSint32Array(ints).good() ? ints : nullptr;
      case EVR_FL: return element.getFloat32Array(floats).good() ? floats : nullptr;
      case EVR_FD: return element.getFloat64Array(doubles).good() ? doubles : nullptr;
      case EVR_OF: return element.getFloat32Array(floats).good() ? floats : nullptr;
      case EVR_OW: return element.getUint16Array(words).good() ? words : nullptr;
      default:
        if (element.getUint8Array(bytes).good()) return bytes;
        return element.getUint16Array(words).good() ? words : nullptr;
    }
  }
};

}  // namespace

int cdcmtk_read(const char *path, size_t limit, cdcmtk_visitor visitor, void *context, char *reason, size_t reason_size) {
  try {
    quiet();
    DcmFileFormat file;
    const OFCondition read = file.loadFile(path, EXS_Unknown, EGL_noChange, 65536, ERM_fileOnly);
    if (read.bad()) return failed(read, reason, reason_size);
    const OFCondition converted = file.getDataset()->convertToUTF8();
    if (converted.bad()) return failed(converted, reason, reason_size);
    Walk{visitor, context, limit}.item(*file.getDataset());
    return 0;
  } catch (const std::exception &error) {
    snprintf(reason, reason_size, "%s", error.what());
    return 1;
  }
}
