import COneDNN

/// The shapes of a convolution: `source` [C, D, H, W] → `destination` [K, D, H, W], zero padding on both sides of an
/// axis.
struct ConvolutionGeometry: Hashable {
  var source: [Int]
  var destination: [Int]
  var kernel: [Int]
  var stride: [Int]
  var padding: [Int]
}

/// How one side of a convolution is stored.
enum ActivationLayout: Hashable {
  /// [C][voxels]
  case plain
  /// [C / block][voxels][block]
  case blocked(Int)

  /// Of activations [C, D, H, W].
  func descriptor(_ shape: [Int]) throws -> dnnl_memory_desc_t {
    switch self {
    case .blocked(16): try OneDNN.layout([1] + shape, dnnl_nCdhw16c)
    case .blocked(8): try OneDNN.layout([1] + shape, dnnl_nCdhw8c)
    default: try OneDNN.layout([1] + shape, dnnl_ncdhw)
    }
  }
}

/// Where the values of one side of a convolution are, and how they are stored.
struct Activations {
  let layout: ActivationLayout
  let values: UnsafeMutablePointer<Float>
}

/// A convolution (or its transpose, which is the gradient with respect to the source) bound to weights and buffers.
final class OneDNNConvolution {
  enum Direction: Hashable {
    /// destination = leaky(convolution(source) + bias, slope); slope 1 means no activation.
    case forward(slope: Float)
    /// source = transposed convolution(destination).
    case transposed
  }

  /// What `run` does, in this order.
  private let steps: [OneDNNPrimitive]
  private let weights: AlignedBytes
  private let bias: AlignedBytes?

  /// - Parameters:
  ///   - weights: [K, C, D, H, W] of the convolution, K its destination channels, for both directions.
  ///   - bias: [K], for the forward direction alone.
  ///   - scratch: grown to what the primitive asks for; shared by primitives that never run at the same time.
  init(
    _ direction: Direction, _ geometry: ConvolutionGeometry, weights plainWeights: [Float], bias plainBias: [Float]?,
    source: Activations, destination: Activations, scratch: OneDNNScratch
  ) throws {
    let stream = scratch.stream
    let hasBias = plainBias != nil
    let given = (
      source: try source.layout.descriptor(geometry.source),
      destination: try destination.layout.descriptor(geometry.destination)
    )
    let plain = (
      source: try ActivationLayout.plain.descriptor(geometry.source),
      destination: try ActivationLayout.plain.descriptor(geometry.destination)
    )
    var descriptor = try Self.descriptor(direction, geometry, given, hasBias: hasBias, stream: stream)
    // Without AVX-512 the library has only its reference loops, a thousand times slower, for a stride's transpose in
    // blocks of channels, but a fast way over plain channels.
    var isDetour = false
    if descriptor.isReference, source.layout != .plain || destination.layout != .plain {
      let other = try Self.descriptor(direction, geometry, plain, hasBias: hasBias, stream: stream)
      if !other.isReference { (descriptor, isDetour) = (other, true) }
    }

    let weightLayout = descriptor.layout(dnnl_query_weights_md)
    weights = try OneDNN.packed(plainWeights, from: Self.weightLayout(geometry, dnnl_oidhw), to: weightLayout, stream)
    bias = plainBias.map(AlignedBytes.init(copying:))

    let outer = (
      source: try OneDNNMemory(given.source, source.values, stream),
      destination: try OneDNNMemory(given.destination, destination.values, stream)
    )
    var inner = outer
    if isDetour {
      inner.source = try scratch.plainSource.memory(plain.source)
      inner.destination = try scratch.plainDestination.memory(plain.destination)
    }
    let forward = direction != .transposed
    var bindings: [(Int32, OneDNNMemory)] = [
      (forward ? DNNL_ARG_SRC : DNNL_ARG_DIFF_SRC, inner.source),
      (forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST, inner.destination),
      (DNNL_ARG_WEIGHTS, try OneDNNMemory(weightLayout, weights.start, stream)),
    ]
    if let bias {
      let layout = try OneDNN.layout([geometry.destination[0]], dnnl_a)
      bindings.append((DNNL_ARG_BIAS, try OneDNNMemory(layout, bias.start, stream)))
    }
    bindings.append((DNNL_ARG_SCRATCHPAD, try scratch.memory(descriptor.layout(dnnl_query_scratchpad_md))))
    let convolution = try OneDNNPrimitive(descriptor, bindings, stream)
    guard isDetour else {
      steps = [convolution]
      return
    }
    steps =
      forward
      ? [
        try OneDNN.reorder(given.source, to: plain.source, outer.source, inner.source, stream), convolution,
        try OneDNN.reorder(plain.destination, to: given.destination, inner.destination, outer.destination, stream),
      ]
      : [
        try OneDNN.reorder(given.destination, to: plain.destination, outer.destination, inner.destination, stream),
        convolution, try OneDNN.reorder(plain.source, to: given.source, inner.source, outer.source, stream),
      ]
  }

  func run() throws { for step in steps { try step.run() } }

  // MARK: Descriptors

  private static func weightLayout(_ geometry: ConvolutionGeometry, _ tag: dnnl_format_tag_t) throws
    -> dnnl_memory_desc_t
  { try OneDNN.layout([geometry.destination[0], geometry.source[0]] + geometry.kernel, tag) }

  private static func descriptor(
    _ direction: Direction, _ geometry: ConvolutionGeometry,
    _ sides: (source: dnnl_memory_desc_t, destination: dnnl_memory_desc_t), hasBias: Bool, stream: OneDNNStream
  ) throws -> OneDNNPrimitiveDescriptor {
    var (source, destination) = sides
    var weights = try weightLayout(geometry, dnnl_format_tag_any)
    let stride = geometry.stride.map(Int64.init)
    let padding = geometry.padding.map(Int64.init)
    return try OneDNN.withAttributes { attributes in
      var operation = dnnl_convolution_desc_t()
      if case .forward(let slope) = direction {
        if slope != 1 { try append(leaky: slope, to: attributes) }
        var bias = hasBias ? try OneDNN.layout([geometry.destination[0]], dnnl_a) : dnnl_memory_desc_t()
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
          &forward, dnnl_forward_training, dnnl_convolution_direct, &source, &weights, nil, &destination, stride,
          padding, padding), "dnnl_convolution_forward_desc_init")
      let hint = try create(&forward, attributes, hint: nil, stream)
      try OneDNN.check(
        dnnl_convolution_backward_data_desc_init(
          &operation, dnnl_convolution_direct, &source, &weights, &destination, stride, padding, padding),
        "dnnl_convolution_backward_data_desc_init")
      return try create(&operation, attributes, hint: hint, stream)
    }
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
}
