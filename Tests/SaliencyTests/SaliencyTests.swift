import Testing

@testable import Saliency
