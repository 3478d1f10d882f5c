import Testing

@testable import Lesions
