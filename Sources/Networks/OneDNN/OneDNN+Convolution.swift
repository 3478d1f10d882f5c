import COneDNN

/// The shapes of a convolution: `source` [C, D, H, W] → `destination` [K, D, H, W], zero padding on both sides of an axis.
struct ConvolutionGeometry: Hashable {
  var source: [Int]
  var destination: [Int]
  var kernel: [Int]
  var stride: [Int]
  var padding: [Int]

  /// Multiply-adds of one pass, times two.
  var floatingPointOperations: Int {
    2 * source[0] * destination.reduce(1, *) * kernel.reduce(1, *)
  }
}

/// How the side of a convolution with few channels is stored.
enum ActivationLayout: Hashable {
  /// [C][voxels]
  case plain
  /// [C / block][voxels][block]
  case blocked(Int)

  var tag: dnnl_format_tag_t {
    switch self {
    case .blocked(16): dnnl_nCdhw16c
    case .blocked(8): dnnl_nCdhw8c
    default: dnnl_ncdhw
    }
  }
}

/// A convolution (or its transpose, which is the gradient with respect to the source) bound to weights and buffers.
final class OneDNNConvolution {
  enum Direction: Hashable {
    /// destination = leaky(convolution(source) + bias, slope); slope 1 means no activation.
    case forward(slope: Float)
    /// source = transposed convolution(destination).
    case transposed
  }

  let implementation: String
  /// What `run` does, in this order.
  private let steps: [OneDNNPrimitive]
  private let weights: AlignedBytes
  private let bias: AlignedBytes?

  /// - Parameters:
  ///   - weights: [K, C, D, H, W] of the convolution, K its destination channels, for both directions.
  ///   - bias: [K], for the forward direction alone.
  ///   - scratch: grown to what the primitive asks for; shared by primitives that never run at the same time.
  init(
    _ direction: Direction, _ geometry: ConvolutionGeometry, sourceLayout: ActivationLayout,
    destinationLayout: ActivationLayout, weights plainWeights: [Float], bias plainBias: [Float]?,
    source: UnsafeMutablePointer<Float>, destination: UnsafeMutablePointer<Float>, scratch: OneDNNScratch,
    stream: OneDNNStream
  ) throws {
    var descriptor = try Self.descriptor(
      direction, geometry, sourceLayout: sourceLayout, destinationLayout: destinationLayout,
      hasBias: plainBias != nil, stream: stream)
    // Without AVX-512 the library has only its reference loops, a thousand times slower, for a stride's transpose in blocks of
    // channels, but a fast way over plain channels.
    var isDetour = false
    if descriptor.isReference, sourceLayout != .plain || destinationLayout != .plain {
      let plain = try Self.descriptor(
        direction, geometry, sourceLayout: .plain, destinationLayout: .plain, hasBias: plainBias != nil, stream: stream)
      if !plain.isReference { (descriptor, isDetour) = (plain, true) }
    }
    implementation = descriptor.implementation

    let weightLayout = descriptor.layout(dnnl_query_weights_md)
    weights = try Self.packed(
      plainWeights, geometry, as: weightLayout, stream: stream)

    let outer = (
      source: try OneDNNMemory(Self.layout(geometry.source, sourceLayout), source, stream),
      destination: try OneDNNMemory(Self.layout(geometry.destination, destinationLayout), destination, stream)
    )
    var inner = outer
    if isDetour {
      inner.source = try scratch.plainSource.memory(Self.layout(geometry.source, .plain), stream)
      inner.destination = try scratch.plainDestination.memory(Self.layout(geometry.destination, .plain), stream)
    }
    let forward = direction != .transposed
    var bindings: [(Int32, OneDNNMemory)] = [
      (forward ? DNNL_ARG_SRC : DNNL_ARG_DIFF_SRC, inner.source),
      (forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST, inner.destination),
      (DNNL_ARG_WEIGHTS, try OneDNNMemory(weightLayout, weights.start, stream)),
    ]
    if let plainBias {
      let bytes = AlignedBytes(count: plainBias.count * 4)
      bytes.start.copyMemory(from: plainBias, byteCount: plainBias.count * 4)
      bindings.append((DNNL_ARG_BIAS, try OneDNNMemory(Self.vector(plainBias.count), bytes.start, stream)))
      bias = bytes
    } else {
      bias = nil
    }
    let scratchLayout = descriptor.layout(dnnl_query_scratchpad_md)
    bindings.append((DNNL_ARG_SCRATCHPAD, try scratch.memory(scratchLayout, stream)))
    let convolution = try OneDNNPrimitive(descriptor, bindings, stream)
    guard isDetour else {
      steps = [convolution]
      return
    }
    let sourceStep = { (from, to) in try Self.reorder(from, to, geometry.source, sourceLayout, toPlain: forward, stream)
    }
    let destinationStep = { (from, to) in
      try Self.reorder(from, to, geometry.destination, destinationLayout, toPlain: !forward, stream)
    }
    steps =
      forward
      ? [
        try sourceStep(outer.source, inner.source), convolution,
        try destinationStep(inner.destination, outer.destination),
      ]
      : [
        try destinationStep(outer.destination, inner.destination), convolution,
        try sourceStep(inner.source, outer.source),
      ]
  }

  func run() throws { for step in steps { try step.run() } }

  // MARK: Descriptors

  private static func layout(_ shape: [Int], _ layout: ActivationLayout) throws -> dnnl_memory_desc_t {
    var descriptor = dnnl_memory_desc_t()
    let dims = [1] + shape.map(Int64.init)
    try OneDNN.check(
      dnnl_memory_desc_init_by_tag(&descriptor, 5, dims, dnnl_f32, layout.tag), "dnnl_memory_desc_init_by_tag")
    return descriptor
  }

  private static func vector(_ count: Int) throws -> dnnl_memory_desc_t {
    var descriptor = dnnl_memory_desc_t()
    try OneDNN.check(
      dnnl_memory_desc_init_by_tag(&descriptor, 1, [Int64(count)], dnnl_f32, dnnl_a), "dnnl_memory_desc_init_by_tag")
    return descriptor
  }

  private static func weightLayout(_ geometry: ConvolutionGeometry, _ tag: dnnl_format_tag_t) throws
    -> dnnl_memory_desc_t
  {
    var descriptor = dnnl_memory_desc_t()
    let dims = ([geometry.destination[0], geometry.source[0]] + geometry.kernel).map(Int64.init)
    try OneDNN.check(
      dnnl_memory_desc_init_by_tag(&descriptor, 5, dims, dnnl_f32, tag), "dnnl_memory_desc_init_by_tag")
    return descriptor
  }

  private static func descriptor(
    _ direction: Direction, _ geometry: ConvolutionGeometry, sourceLayout: ActivationLayout,
    destinationLayout: ActivationLayout, hasBias: Bool, stream: OneDNNStream
  ) throws -> OneDNNPrimitiveDescriptor {
    var source = try layout(geometry.source, sourceLayout)
    var destination = try layout(geometry.destination, destinationLayout)
    var weights = try weightLayout(geometry, dnnl_format_tag_any)
    let stride = geometry.stride.map(Int64.init)
    let padding = geometry.padding.map(Int64.init)

    var attributes: dnnl_primitive_attr_t?
    try OneDNN.check(dnnl_primitive_attr_create(&attributes), "dnnl_primitive_attr_create")
    defer { dnnl_primitive_attr_destroy(attributes) }
    try OneDNN.check(
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
      "dnnl_primitive_attr_set_scratchpad_mode")

    var operation = dnnl_convolution_desc_t()
    if case .forward(let slope) = direction {
      if slope != 1 { try append(leaky: slope, to: attributes) }
      var bias = hasBias ? try vector(geometry.destination[0]) : dnnl_memory_desc_t()
      try OneDNN.check(
        dnnl_convolution_forward_desc_init(
          &operation, dnnl_forward_inference, dnnl_convolution_direct, &source, &weights, &bias, &destination, stride,
          padding, padding), "dnnl_convolution_forward_desc_init")
      return try create(&operation, attributes, hint: nil, stream)
    }
    // The library wants a forward descriptor of the same shapes as a hint.
    var forward = dnnl_convolution_desc_t()
    try OneDNN.check(
      dnnl_convolution_forward_desc_init(
        &forward, dnnl_forward_training, dnnl_convolution_direct, &source, &weights, nil, &destination, stride, padding,
        padding), "dnnl_convolution_forward_desc_init")
    let hint = try create(&forward, attributes, hint: nil, stream)
    try OneDNN.check(
      dnnl_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_direct, &source, &weights, &destination, stride, padding, padding),
      "dnnl_convolution_backward_data_desc_init")
    return try create(&operation, attributes, hint: hint, stream)
  }

  private static func append(leaky slope: Float, to attributes: dnnl_primitive_attr_t?) throws {
    var operations: dnnl_post_ops_t?
    try OneDNN.check(dnnl_post_ops_create(&operations), "dnnl_post_ops_create")
    defer { dnnl_post_ops_destroy(operations) }
    try OneDNN.check(
      dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, slope, 0), "dnnl_post_ops_append_eltwise")
    try OneDNN.check(dnnl_primitive_attr_set_post_ops(attributes, operations), "dnnl_primitive_attr_set_post_ops")
  }

  private static func create(
    _ operation: inout dnnl_convolution_desc_t, _ attributes: dnnl_primitive_attr_t?, hint: OneDNNPrimitiveDescriptor?,
    _ stream: OneDNNStream
  ) throws -> OneDNNPrimitiveDescriptor {
    var handle: dnnl_primitive_desc_t?
    try OneDNN.check(
      dnnl_primitive_desc_create(&handle, &operation, attributes, stream.engine, hint?.handle),
      "dnnl_primitive_desc_create (convolution)")
    return OneDNNPrimitiveDescriptor(handle!)
  }

  /// The weights reordered once into the layout that the implementation asks for.
  private static func packed(
    _ plain: [Float], _ geometry: ConvolutionGeometry, as layout: dnnl_memory_desc_t, stream: OneDNNStream
  ) throws -> AlignedBytes {
    var source = try weightLayout(geometry, dnnl_oidhw)
    var destination = layout
    let bytes = AlignedBytes(count: dnnl_memory_desc_get_size(&destination))
    let descriptor = try reorder(&source, &destination, stream)
    try plain.withUnsafeBytes { values in
      let bindings = [
        (DNNL_ARG_SRC, try OneDNNMemory(source, UnsafeMutableRawPointer(mutating: values.baseAddress!), stream)),
        (DNNL_ARG_DST, try OneDNNMemory(destination, bytes.start, stream)),
      ]
      try OneDNNPrimitive(descriptor, bindings, stream).run()
    }
    return bytes
  }

  private static func reorder(
    _ source: inout dnnl_memory_desc_t, _ destination: inout dnnl_memory_desc_t, _ stream: OneDNNStream
  ) throws -> OneDNNPrimitiveDescriptor {
    var handle: dnnl_primitive_desc_t?
    try OneDNN.check(
      dnnl_reorder_primitive_desc_create(&handle, &source, stream.engine, &destination, stream.engine, nil),
      "dnnl_reorder_primitive_desc_create")
    return OneDNNPrimitiveDescriptor(handle!)
  }

  /// Copies activations of a shape between a layout and the plain one.
  private static func reorder(
    _ from: OneDNNMemory, _ to: OneDNNMemory, _ shape: [Int], _ layout: ActivationLayout, toPlain: Bool,
    _ stream: OneDNNStream
  ) throws -> OneDNNPrimitive {
    var (given, plain) = (try self.layout(shape, layout), try self.layout(shape, .plain))
    let descriptor = toPlain ? try reorder(&given, &plain, stream) : try reorder(&plain, &given, stream)
    return try OneDNNPrimitive(descriptor, [(DNNL_ARG_SRC, from), (DNNL_ARG_DST, to)], stream)
  }
}

/// Working memory shared by primitives that run one after another.
final class OneDNNScratch {
  private var bytes: [AlignedBytes] = []
  /// Room for the plain copy of a convolution's source, and for that of its destination, at the same time.
  private(set) lazy var plainSource = OneDNNScratch()
  private(set) lazy var plainDestination = OneDNNScratch()

  init() {}

  /// A memory object over bytes of at least this layout's size; the largest block is reused.
  func memory(_ layout: dnnl_memory_desc_t, _ stream: OneDNNStream) throws -> OneDNNMemory {
    var layout = layout
    let size = dnnl_memory_desc_get_size(&layout)
    if let fitting = bytes.last(where: { $0.count >= size }) { return try OneDNNMemory(layout, fitting.start, stream) }
    bytes.append(AlignedBytes(count: size))
    return try OneDNNMemory(layout, bytes.last!.start, stream)
  }
}
