import Testing

@testable import AuditTrail
