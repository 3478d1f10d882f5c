#include "shim.h"

#include "dcmtk/dcmnet/scu.h"

#include <map>
#include <string>

namespace {

// The SOP class of a file, by its meta header.
OFCondition sop_class(const char *path, OFString &uid) {
  DcmMetaInfo meta;
  const OFCondition read = meta.loadFile(path);
  return read.bad() ? read : meta.findAndGetOFString(DCM_MediaStorageSOPClassUID, uid);
}

}  // namespace

int cdcmtk_store(const cdcmtk_peer *peer, const char *const *paths, int count, cdcmtk_answer answer, void *context, char *reason, size_t reason_size) {
  try {
    quiet();
    DcmSCU scu;
    scu.setAETitle(peer->own_title);
    scu.setPeerAETitle(peer->peer_title);
    scu.setPeerHostName(peer->host);
    scu.setPeerPort(peer->port);
    scu.setConnectionTimeout(peer->timeout_seconds);
    scu.setACSETimeout(peer->timeout_seconds);
    scu.setDIMSETimeout(peer->timeout_seconds);
    scu.setDIMSEBlockingMode(DIMSE_NONBLOCKING);
    OFList<OFString> syntaxes;
    syntaxes.push_back(UID_LittleEndianExplicitTransferSyntax);
    std::map<std::string, OFString> classes;
    for (int index = 0; index < count; index++) {
      OFString uid;
      const OFCondition found = sop_class(paths[index], uid);
      if (found.bad()) return failed(found, reason, reason_size);
      if (classes.emplace(uid.c_str(), uid).second) {
        const OFCondition added = scu.addPresentationContext(uid, syntaxes);
        if (added.bad()) return failed(added, reason, reason_size);
      }
    }
    OFCondition done = scu.initNetwork();
    if (done.good()) done = scu.negotiateAssociation();
    if (done.bad()) return failed(done, reason, reason_size);
    for (int index = 0; index < count; index++) {
      Uint16 status = 0xFFFF;
      // 0: the presentation context is chosen by the file's SOP class and transfer syntax.
      done = scu.sendSTORERequest(0, paths[index], nullptr, status);
      answer(context, index, done.good() ? status : 0xFFFF);
      if (done.bad()) {
        scu.closeAssociation(DCMSCU_ABORT_ASSOCIATION);
        return failed(done, reason, reason_size);
      }
    }
    scu.releaseAssociation();
    return 0;
  } catch (const std::exception &error) {
    snprintf(reason, reason_size, "%s", error.what());
    return 1;
  }
}
