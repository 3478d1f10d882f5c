import ArgumentParser

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Check, anchor, show or export the audit trails of an output folder.",
    discussion: """
      A trail shows what was changed in it, but not that all of it was computed anew. Keep its heads elsewhere \
      ('heads'), or sign its records ('keygen', --sign-key); 'verify' compares with either (docs/audit.md).
      """,
    subcommands: [
      AuditVerifyCommand.self, AuditShowCommand.self, AuditHeadsCommand.self, AuditKeygenCommand.self,
      AuditExportCommand.self,
    ])
}
