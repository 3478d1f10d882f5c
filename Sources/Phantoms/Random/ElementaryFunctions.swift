import Foundation

// The C library's functions under whole names, so that hot loops name what they call and import it in one place.

@inline(__always) func sine(_ x: Double) -> Double { sin(x) }
@inline(__always) func cosine(_ x: Double) -> Double { cos(x) }
@inline(__always) func logarithm(_ x: Double) -> Double { log(x) }
@inline(__always) func exponential(_ x: Double) -> Double { exp(x) }
@inline(__always) func exponential(_ x: Float) -> Float { expf(x) }
@inline(__always) func power(_ x: Float, _ y: Float) -> Float { powf(x, y) }
@inline(__always) func angle(_ y: Float, _ x: Float) -> Float { atan2f(y, x) }
@inline(__always) func sine(_ x: Float) -> Float { sinf(x) }
@inline(__always) func cubeRoot(_ x: Double) -> Double { cbrt(x) }
