import Dispatch
import Synchronization
public import Volumes

/// Rigid registration of MPRAGE to FLAIR of one patient.
///
/// Normalised mutual information at three levels from a coarse search, then a second pass inside the brain mask, or
/// without one inside the head. The whole is done twice, once in each direction and neither knowing of the other; what
/// the two differ by is the check, and the transform that lies half-way between them is the result. The same images
/// give the same transform to the last bit, whatever the number of threads.
public struct RigidRegistration: Sendable {
  /// Limits of the check; a result beyond one of them is refused.
  public struct Limits: Hashable, Sendable {
    /// Mean over the region.
    public var forwardBackwardMillimetres = 1.0
    public var leastInformation = 1.02
    public var leastOverlap = 0.5

    public init() {}
  }

  public var limits: Limits
  /// 1, or 2 for both directions at a time.
  public var threads: Int

  public init(limits: Limits = Limits(), threads: Int = 2) {
    self.limits = limits
    self.threads = threads
  }

  /// - Parameters:
  ///   - fixed: FLAIR, whole head or brain, on any grid.
  ///   - moving: MPRAGE.
  ///   - mask: the brain on the grid of either image. Where an image is brain-extracted none is needed.
  /// - Throws: `RegistrationError`; `.refused` with transform and figures when the check fails.
  public func register(fixed: Volume<Float>, moving: Volume<Float>, mask: BrainMask? = nil) throws(RegistrationError)
    -> RegistrationResult
  {
    let sources = [(fixed, RegistrationError.Image.fixed), (moving, .moving)]
    let images = try both { index in
      Result { () throws(RegistrationError) in try PreparedImage(sources[index].0, sources[index].1) }
    }
    let region = try Self.region(fixed, moving, mask, images[0])
    let found = try both { index in
      Self.directed(
        DirectedRegistration(fixed: images[index], moving: images[1 - index], isForward: index == 0), region,
        isOfFixed: region.image == sources[index].1)
    }
    return try checked(images, found, region)
  }

  private static func region(_ fixed: Volume<Float>, _ moving: Volume<Float>, _ mask: BrainMask?, _ head: PreparedImage)
    throws(RegistrationError) -> ComparedRegion
  {
    if let mask = mask ?? BrainMask(ofExtracted: fixed, or: moving) {
      return try ComparedRegion(mask, imageGrid: mask.image == .fixed ? fixed : moving)
    }
    guard let region = ComparedRegion(insideOf: head, .fixed) else { throw .noHead(.fixed) }
    return region
  }

  private struct Found: Sendable {
    let transform: RigidTransform
    let stages: [RegistrationReport.Stage]
  }

  private static func directed(_ start: DirectedRegistration, _ region: ComparedRegion, isOfFixed: Bool) -> Result<
    Found, RegistrationError
  > {
    var search = start
    guard let first = search.firstPass(),
      let second = search.secondPass(from: first, keeps: { region.contains(isOfFixed ? $0 : first.applied(to: $0)) })
    else { return .failure(.noOverlap) }
    return .success(Found(transform: second, stages: search.stages))
  }

  /// Does two things, at a time where there are two threads; throws the first one's error first.
  private func both<T: Sendable>(_ work: @Sendable (Int) -> Result<T, RegistrationError>) throws(RegistrationError)
    -> [T]
  {
    let results = Mutex<[Result<T, RegistrationError>?]>([nil, nil])
    if threads > 1 {
      DispatchQueue.concurrentPerform(iterations: 2) { index in
        let result = work(index)
        results.withLock { $0[index] = result }
      }
    } else {
      for index in 0..<2 {
        let result = work(index)
        results.withLock { $0[index] = result }
      }
    }
    let done = results.withLock { $0 }
    return [try done[0]!.get(), try done[1]!.get()]
  }
}

/// The check of a registration.
extension RigidRegistration {
  private func checked(_ images: [PreparedImage], _ found: [Found], _ region: ComparedRegion) throws(RegistrationError)
    -> RegistrationResult
  {
    let (forward, back) = (found[0].transform, found[1].transform.inverse)
    let isOfFixed = region.image == .fixed
    // The region's points in the world of the fixed image.
    let points = isOfFixed ? region.points : region.points.map { forward.inverse.applied(to: $0) }
    let result = RigidTransform.midpoint(forward, back, about: points.centre)
    let compared = SamplePoints(of: images[0], level: .masked) {
      region.contains(isOfFixed ? $0 : result.applied(to: $0))
    }
    var measure = MutualInformation(compared, moving: images[1], level: .masked)
    let before = measure.evaluate(.identity, wantsGradient: false)
    let after = measure.evaluate(result, wantsGradient: false)
    let roundTrip = Displacement(of: found[1].transform.composed(with: forward), from: .identity, over: points)
    let report = RegistrationReport(
      normalisedMutualInformationBefore: before.information, normalisedMutualInformationAfter: after.information,
      forwardBackward: roundTrip, region: region.kind, overlap: after.overlap, rotationDegrees: result.rotationDegrees,
      movement: Displacement(of: result, from: .identity, over: points), stages: found.flatMap(\.stages),
      missingSlicesOfFixed: images[0].missing.count, missingSlicesOfMoving: images[1].missing.count)
    let outcome = RegistrationResult(fixedToMoving: result, report: report)
    let failures = failures(report)
    guard failures.isEmpty else { throw .refused(outcome, failures) }
    return outcome
  }

  private func failures(_ report: RegistrationReport) -> [RegistrationError.Failure] {
    failures(
      report.normalisedMutualInformationBefore, report.normalisedMutualInformationAfter, report.forwardBackward,
      report.overlap)
  }

  private func failures(_ before: Double, _ after: Double, _ roundTrip: Displacement?, _ overlap: Double)
    -> [RegistrationError.Failure]
  {
    var failures: [RegistrationError.Failure] = []
    if let mean = roundTrip?.meanMillimetres, !(mean <= limits.forwardBackwardMillimetres) {
      failures.append(.forwardBackward(meanMillimetres: mean, limit: limits.forwardBackwardMillimetres))
    }
    if !(after >= limits.leastInformation) {
      failures.append(.informationTooLow(after, limit: limits.leastInformation))
    }
    if after < before { failures.append(.informationFell(before: before, after: after)) }
    if !(overlap >= limits.leastOverlap) { failures.append(.overlapTooSmall(overlap, limit: limits.leastOverlap)) }
    return failures
  }

  /// The same check for a transform that was found elsewhere; nothing is searched.
  ///
  /// - Parameters:
  ///   - transform: from a point of the fixed image to the moving one; need not be rigid.
  ///   - backward: that of the moving image to the fixed one, found without the other; nil where there is none.
  public func examine(
    _ transform: Affine, backward: Affine? = nil, fixed: Volume<Float>, moving: Volume<Float>, mask: BrainMask? = nil
  ) throws(RegistrationError) -> TransformExamination {
    let images = [try PreparedImage(fixed, .fixed), try PreparedImage(moving, .moving)]
    let region = try Self.region(fixed, moving, mask, images[0])
    let isOfFixed = region.image == .fixed
    let inverse = transform.inverse
    let points = isOfFixed ? region.points : region.points.map { inverse.world($0.x, $0.y, $0.z) }
    let compared = SamplePoints(of: images[0], level: .masked) {
      region.contains(isOfFixed ? $0 : transform.world($0.x, $0.y, $0.z))
    }
    var measure = MutualInformation(compared, moving: images[1], level: .masked)
    let unmoved = RigidTransform.identity.affine
    let (before, after) = (measure.compare(unmoved), measure.compare(transform))
    let roundTrip = backward.map { Displacement(of: $0.composed(with: transform), from: unmoved, over: points) }
    return TransformExamination(
      normalisedMutualInformationBefore: before.information, normalisedMutualInformationAfter: after.information,
      forwardBackward: roundTrip, region: region.kind, overlap: after.overlap,
      movement: Displacement(of: transform, from: unmoved, over: points),
      failures: failures(before.information, after.information, roundTrip, after.overlap))
  }
}

extension [WorldPoint] {
  /// - Precondition: not empty.
  var centre: WorldPoint {
    let sum = reduce(SIMD3<Double>.zero) { $0 + SIMD3($1.x, $1.y, $1.z) } / Double(count)
    return WorldPoint(x: sum.x, y: sum.y, z: sum.z)
  }
}
