import Testing

@testable import ErrorScore
