import Testing

@testable import QualityControl
